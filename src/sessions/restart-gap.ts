import type { SessionStates } from './session-states.port.js';
import { sleep } from '../async/sleep.js';
import type { RosterTrack } from './roster.js';
import type { Session } from './session.js';

const LOOK_EVERY_MS = 100;
/** The first frame of an egress comes within 4 s. What takes longer is told of each track by itself. */
const AT_MOST_MS = 8_000;

/** The end of what a session missed because the service died: when its tracks are heard again. Told once. */
export class RestartGap {
  readonly #told = new AbortController();
  #heard = 0;
  #heardAtUnixMs = Date.now();

  constructor(
    private readonly session: Session,
    private readonly states: SessionStates,
    private readonly tell: (endUnixMs: number) => void,
  ) {}

  /** Resolves when it is told: everybody in the room is heard, or does not come soon, or the session is over. */
  async whenReceiving(): Promise<void> {
    const deadlineMs = performance.now() + AT_MOST_MS;
    while (!this.#allHeard() && this.session.status === 'live' && performance.now() < deadlineMs)
      await sleep(LOOK_EVERY_MS, this.#told.signal);
    this.close(this.#heardAtUnixMs);
  }

  /** Tells it as it is now. Idempotent. */
  close(endUnixMs = Date.now()): void {
    if (this.#told.signal.aborted) return;
    this.#told.abort();
    this.tell(endUnixMs);
  }

  #allHeard(): boolean {
    const { tracks } = this.session.roster;
    const heard = tracks.filter((track) => this.#isHeard(track)).length;
    if (heard > this.#heard) this.#heardAtUnixMs = Date.now();
    this.#heard = heard;
    return heard === tracks.length;
  }

  /** Where a source counts its frames, an open connection alone is no sound. */
  #isHeard({ trackSid }: RosterTrack): boolean {
    const { id } = this.session;
    return this.states.isStreaming(id, trackSid) && this.states.connection(id, trackSid)?.frames !== 0;
  }
}
