import type { Message, SnapshotMessage, TranscriptMessage } from '../../libs/protocol/message.js';

/** What an earlier run of the service had told of a session when it came to its end without a word. */
export interface RecoveredMessages {
  /** The highest utterance in the ids of its segments; 0 when there was none. */
  readonly lastUtterance: number;
  /** Up to where words that the server heard were told, on the session clock. */
  readonly lastWordsMs: number;
  /** Whether its last message was told, so that nothing is to be done any more. */
  readonly ended: boolean;
  /** Written down, and perhaps not delivered. */
  readonly undelivered: readonly Message[];
  /** The last that was told of each segment that the server had not finished. */
  readonly openSegments: readonly TranscriptMessage[];
  /** The last segments that were told, of the server and of browsers, each as it was told last. */
  readonly emitted: readonly TranscriptMessage[];
}

/**
 * Where every numbered message of a session is written down before it goes out, so that no number is given out twice and
 * who missed one can ask for it. Provided by the transcripts module, used by the publisher.
 */
export abstract class MessageJournal {
  /**
   * Writes a message down. Resolves when it may be sent: it is written, or nothing can be written for now. Never rejects.
   * @param deliveredSeq the last number that reached the room, or was given up
   */
  abstract append(message: Message, deliveredSeq: number): Promise<void>;

  /** The last finals of a session, for who comes late; undefined where there is none yet. Takes no number of its own. */
  abstract snapshot(sessionId: string): SnapshotMessage | undefined;

  /** The last number given out in a session; 0 when none was. */
  abstract lastSeq(sessionId: string): number;

  /** Reads what an earlier run left of a session, before the first message of this one. */
  abstract resume(sessionId: string): Promise<RecoveredMessages>;

  /** What `resume` read; undefined for a session that began in this run. */
  abstract recovered(sessionId: string): RecoveredMessages | undefined;
}
