import { FRAME_MS } from '../media/audio-format.js';
import type { Clock } from '../media/clock.js';

/** More steps behind means that the process stood still, and that sound waits in its sockets. */
const STALLED_STEPS = 1;
/** After a stall, a few steps a turn: the sockets are read in between, so that each step finds its sound. */
const CATCH_UP_STEPS = 4;
/** Sound that has not come by then is not about to: as long as the stall was, and no longer than this. */
const MOST_PATIENCE_MS = 1_000;

/** The one clock of all mixes: steps of 20 ms, counted from elapsed time, so that it never drifts from it. */
export class MixClock {
  readonly #startMs: number;
  #taken = 0;
  #catchingUp = false;
  #patientUntilMs = 0;

  /** `late`: the process stood still, and the steps after it are due, too. */
  constructor(
    private readonly clock: Clock,
    private readonly onStep: (step: number, late: boolean) => void,
    /** Whether the next step would not find its sound. */
    private readonly starves: () => boolean = () => false,
  ) {
    this.#startMs = clock.monotonicMs();
  }

  /** The step that will be taken next. */
  get nextStep(): number {
    return this.#taken;
  }

  /** The step that time has come to. Later than `nextStep` when the process stood still. */
  get currentStep(): number {
    return Math.floor(this.#elapsedMs / FRAME_MS);
  }

  /** How long it is until the next step is due; 0 when it is. */
  get untilNextMs(): number {
    return Math.max(0, (this.#taken + 1) * FRAME_MS - this.#elapsedMs);
  }

  get #elapsedMs(): number {
    return this.clock.monotonicMs() - this.#startMs;
  }

  /** Takes the steps that are due, or some of them: see `untilNextMs` for when to call it again. */
  run(): void {
    const due = this.currentStep - this.#taken;
    if (this.#catchingUp) this.#catchUp(due);
    else if (due > STALLED_STEPS) this.#beginToCatchUp(due);
    else if (due > 0) this.onStep(this.#taken++, false);
  }

  /** First of all the sockets are read. */
  #beginToCatchUp(due: number): void {
    this.#catchingUp = true;
    this.#patientUntilMs = this.clock.monotonicMs() + Math.min(MOST_PATIENCE_MS, due * FRAME_MS);
  }

  #catchUp(due: number): void {
    const isPatient = this.clock.monotonicMs() < this.#patientUntilMs;
    const steps = Math.min(due, CATCH_UP_STEPS);
    for (let i = 0; i < steps; i++) {
      if (isPatient && this.starves()) return;
      this.onStep(this.#taken++, true);
    }
    this.#catchingUp = steps < due;
  }
}
