import type { SpeechOptions } from '../config/speech-options.js';
import type { SessionEnded } from '../events/domain-events.js';
import type { AudioSourceChoice } from '../media/audio-source.js';
import type { SessionStatus } from './session-directory.port.js';

export type EndReason = SessionEnded['reason'];

/** What is kept of a session. Times are Unix milliseconds. */
export interface SessionRecord {
  readonly id: string;
  readonly room: string;
  /** LiveKit's id of this life of the room; undefined while the room was never seen. */
  readonly roomSid?: string | undefined;
  readonly status: SessionStatus;
  readonly options: SpeechOptions;
  readonly source: AudioSourceChoice;
  readonly createdAtMs: number;
  /** Session time 0. */
  readonly liveAtMs?: number | undefined;
  /** When a service that heard it, and waited for no words, last said so. */
  readonly aliveAtMs?: number | undefined;
  readonly endedAtMs?: number | undefined;
  readonly endReason?: EndReason | undefined;
}
