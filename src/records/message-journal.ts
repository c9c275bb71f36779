import type { Message, SnapshotMessage } from '../../libs/protocol/message.js';

/**
 * Where every numbered message of a session is written down before it goes out, so that who missed one can ask for it.
 * Provided by the transcripts module, used by the publisher.
 */
export abstract class MessageJournal {
  abstract append(message: Message): void;

  /** The last finals of a session, for who comes late; undefined where there is none yet. Takes no number of its own. */
  abstract snapshot(sessionId: string): SnapshotMessage | undefined;

  /** The last number given out in a session; 0 when none was. */
  abstract lastSeq(sessionId: string): number;
}
