interface Toggle {
  readonly atSample: number;
  readonly muted: boolean;
}

const REMEMBERED = 64;

/** When a track was muted and unmuted, so that a reader behind the present hears what was so then. */
export class MuteLog {
  readonly #toggles: Toggle[] = [];

  constructor(private readonly initially: boolean) {}

  get muted(): boolean {
    return this.#toggles.at(-1)?.muted ?? this.initially;
  }

  set(muted: boolean, atSample: number): void {
    if (muted === this.muted) return;
    this.#toggles.push({ atSample, muted });
    if (this.#toggles.length > REMEMBERED) this.#toggles.shift();
  }

  mutedAt(sample: number): boolean {
    const last = this.#toggles.findLast((toggle) => toggle.atSample <= sample);
    return last?.muted ?? this.initially;
  }
}
