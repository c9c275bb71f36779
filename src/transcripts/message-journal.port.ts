import type { Message, SnapshotMessage, TranscriptMessage } from '../../libs/protocol/message.js';

/** The types of messages that have a number of their own. */
export type NumberedType = Exclude<Message['type'], 'snapshot'>;

/** What an earlier process had published of a session when it crashed. */
export interface RecoveredMessages {
  /** The highest utterance in the ids of its segments; 0 when there was none. */
  readonly lastUtterance: number;
  /** The end of the last words published from the server's transcription, on the session clock. */
  readonly lastWordsMs: number;
  /** Whether its last message was published, so that nothing is left to do. */
  readonly ended: boolean;
  /** Stored, and perhaps not delivered. */
  readonly undelivered: readonly Message[];
  /** The last revision of each segment that the server had not finished. */
  readonly openSegments: readonly TranscriptMessage[];
  /** The last segments that were published, from the server and from browsers, each in its last revision. */
  readonly emitted: readonly TranscriptMessage[];
}

/**
 * Stores every numbered message of a session before it is sent, so that no number is used twice and missed messages can be
 * requested. Provided by the transcripts module, used by the publisher.
 */
export abstract class MessageJournal {
  /**
   * Stores a message. Resolves when it may be sent: it is written, or the database fails for now. Never rejects.
   * @param deliveredSeq the last `seq` that was delivered to the room, or given up
   */
  abstract append(message: Message, deliveredSeq: number): Promise<void>;

  /** What is on the screens of a session, for participants who join late; undefined where that is nothing. It has no number of its own. */
  abstract snapshot(sessionId: string): SnapshotMessage | undefined;

  /** The last `seq` of a session; 0 when there is none. */
  abstract lastSeq(sessionId: string): number;

  /**
   * Messages of these types with a `seq` above `afterSeq`, oldest first, without interims. Rejects when the database cannot be
   * asked.
   */
  abstract numbered(
    sessionId: string,
    types: readonly NumberedType[],
    afterSeq: number,
    most: number,
  ): Promise<Message[]>;

  /** Reads the messages of a session from an earlier process, before the first message of this one. */
  abstract resume(sessionId: string): Promise<RecoveredMessages>;

  /** What `resume` read; undefined for a session that started in this process. */
  abstract recovered(sessionId: string): RecoveredMessages | undefined;
}
