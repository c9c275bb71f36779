/**
 * What is kept, in SQLite and in Postgres alike. Times are Unix milliseconds unless the name says otherwise; what only
 * the code reads is JSON in a text.
 */
export interface Tables {
  sessions: SessionsTable;
  messages: MessagesTable;
}

interface SessionsTable {
  id: string;
  room: string;
  /** LiveKit's id of this life of the room; null while the room was never seen. */
  room_sid: string | null;
  /** `created`, `live`, `ending` or `ended`. */
  status: string;
  /** What the session was asked for. */
  options: string;
  created_at: number;
  /** Session time 0. */
  live_at: number | null;
  /** When a service that heard the session last said so. */
  alive_at: number | null;
  ended_at: number | null;
  end_reason: string | null;
}

interface MessagesTable {
  session_id: string;
  seq: number;
  /** `partial`, `final`, `retracted` (a final without text), `translation` or `status`. */
  kind: string;
  /** The last number that was delivered, or given up, when this one was written. */
  delivered_seq: number;
  body: string;
}
