import { FRAME_MS } from '../media/audio-format.js';
import type { Clock } from '../media/clock.js';

/** When more steps are due, the process stood still, and audio waits unread in its sockets. */
const STALLED_STEPS = 1;
/** After a stall, a few steps per turn of the event loop: the sockets are read in between, so that each step finds its audio. */
const CATCH_UP_STEPS = 4;
/** Catching up waits for audio that is still in the sockets as long as the stall took, but no longer than this. */
const MAX_WAIT_MS = 1_000;

/** The clock of all mixes: steps of 20 ms, counted from elapsed time, so that they do not drift. */
export class MixClock {
  readonly #startMs: number;
  #nextStep = 0;
  #catchingUp = false;
  #waitUntilMs = 0;

  /** @param onStep `late`: the process stood still, and later steps are due, too */
  constructor(
    private readonly clock: Clock,
    private readonly onStep: (step: number, late: boolean) => void,
    /** Whether the audio of the next step has not arrived. */
    private readonly isStarving: () => boolean = () => false,
  ) {
    this.#startMs = clock.monotonicMs();
  }

  /** The step that is mixed next. */
  get nextStep(): number {
    return this.#nextStep;
  }

  /** The step that elapsed time has reached. Later than `nextStep` when the process stood still. */
  get currentStep(): number {
    return Math.floor(this.#elapsedMs / FRAME_MS);
  }

  /** Time until the next step is due; 0 when it is due. */
  get untilNextMs(): number {
    return Math.max(0, (this.#nextStep + 1) * FRAME_MS - this.#elapsedMs);
  }

  get #elapsedMs(): number {
    return this.clock.monotonicMs() - this.#startMs;
  }

  /** Runs the steps that are due, or some of them: `untilNextMs` says when to call it again. */
  run(): void {
    const due = this.currentStep - this.#nextStep;
    if (this.#catchingUp) this.#catchUp(due);
    else if (due > STALLED_STEPS) this.#startCatchingUp(due);
    else if (due > 0) this.onStep(this.#nextStep++, false);
  }

  /** Runs no step yet: first the sockets are read. */
  #startCatchingUp(due: number): void {
    this.#catchingUp = true;
    this.#waitUntilMs = this.clock.monotonicMs() + Math.min(MAX_WAIT_MS, due * FRAME_MS);
  }

  #catchUp(due: number): void {
    const mayWait = this.clock.monotonicMs() < this.#waitUntilMs;
    const steps = Math.min(due, CATCH_UP_STEPS);
    for (let i = 0; i < steps; i++) {
      if (mayWait && this.isStarving()) return;
      this.onStep(this.#nextStep++, true);
    }
    this.#catchingUp = steps < due;
  }
}
