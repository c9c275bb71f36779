import type { Generated } from 'kysely';

/**
 * The tables in SQLite and in Postgres. Times are Unix milliseconds unless the name says otherwise; what no query filters by
 * is JSON in a text column.
 */
export interface Tables {
  sessions: SessionsTable;
  messages: MessagesTable;
  insights: InsightsTable;
  engine_sessions: EngineSessionsTable;
  attendance: AttendanceTable;
  webhook_cursors: WebhookCursorsTable;
  webhook_dead_letters: WebhookDeadLettersTable;
}

interface SessionsTable {
  id: string;
  room: string;
  /** LiveKit's SID of the room; null before the room was seen. */
  room_sid: string | null;
  /** `created`, `live`, `ending` or `ended`. */
  status: string;
  /** What the session was asked for. */
  options: string;
  created_at: number;
  /** Session time 0. */
  live_at: number | null;
  /** The last moment at which all speech so far was transcribed. */
  alive_at: number | null;
  ended_at: number | null;
  end_reason: string | null;
}

interface MessagesTable {
  session_id: string;
  seq: number;
  /** `partial`, `final`, `retracted` (a final without text), `translation`, `status` or `retraction`. */
  kind: string;
  /** The last number that was delivered, or given up, when this one was written. */
  delivered_seq: number;
  body: string;
}

/** What was made of a session's words, beside the transcript; of sessions that are over. */
interface InsightsTable {
  session_id: string;
  body: string;
}

/** Who was in the room of which session: the last visit of each identity. */
interface AttendanceTable {
  session_id: string;
  identity: string;
  /** Null while they are in the room; of an ended session, until its end. */
  left_at: number | null;
  /** 1: a moderator removed them. */
  removed: number;
}

/** Sessions at the speech-to-text engine that are not deleted there. Never their address: it is a key. */
interface EngineSessionsTable {
  engine_id: string;
  session_id: string;
  granted_at: number;
  /** 1: it is to be deleted whatever is kept otherwise. */
  to_delete: number;
  /** 1: its results are read, and it stays at the engine until its session is erased. */
  done: Generated<number>;
}

/** How far the messages of each session are delivered to WEBHOOK_URL. */
interface WebhookCursorsTable {
  session_id: string;
  room: string;
  live_at: number;
  /** The last message that is done with; -1: not even `session.live`. */
  seq: number;
}

/** Messages that the receiver at WEBHOOK_URL did not take. */
interface WebhookDeadLettersTable {
  session_id: string;
  /** 0: `session.live`. */
  seq: number;
  reason: string;
  given_up_at: number;
}
