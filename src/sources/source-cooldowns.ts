import type { AudioSourceName } from '../media/audio-source.js';

const COOLDOWN_MS = 30_000;

/** The audio sources that refused a short while ago and are not tried again yet. */
export class SourceCooldowns {
  readonly #untilMs = new Map<AudioSourceName, number>();

  constructor(private readonly nowMs: () => number) {}

  start(source: AudioSourceName): void {
    this.#untilMs.set(source, this.nowMs() + COOLDOWN_MS);
  }

  has(source: AudioSourceName): boolean {
    return (this.#untilMs.get(source) ?? 0) > this.nowMs();
  }
}
