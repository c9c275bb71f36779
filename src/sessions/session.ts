import type { SpeechOptions } from '../config/speech-options.js';
import type { AudioSourceChoice } from '../media/audio-source.js';
import type { SessionStatus } from '../records/session-directory.js';
import type { Roster } from './roster.js';

/** The states of one session: created, live, ending while the last words are on their way, ended. It never goes back. */
export class Session {
  #status: SessionStatus = 'created';

  constructor(
    readonly id: string,
    readonly room: string,
    readonly options: SpeechOptions,
    readonly roster: Roster,
    /** How its sound comes in. */
    readonly source: AudioSourceChoice,
  ) {}

  get status(): SessionStatus {
    return this.#status;
  }

  /** Whether it may still be put live or ended: a room has one such session at most. */
  get active(): boolean {
    return this.#status === 'created' || this.#status === 'live';
  }

  /** True when this call put it live. */
  goLive(): boolean {
    return this.#step('created', 'live');
  }

  /** True when this call began its end. One that never was live has nothing to drain and is over at once. */
  beginEnd(): boolean {
    this.#step('created', 'ended');
    return this.#step('live', 'ending');
  }

  finish(): void {
    this.#step('ending', 'ended');
  }

  #step(from: SessionStatus, to: SessionStatus): boolean {
    if (this.#status !== from) return false;
    this.#status = to;
    return true;
  }
}
