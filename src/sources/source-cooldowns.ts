import type { AudioSourceName } from '../media/audio-source.js';

const BARRED_MS = 30_000;

/** The sources that gave up in a session: each is left alone for a while. */
export class SourceCooldowns {
  readonly #untilMs = new Map<AudioSourceName, number>();

  constructor(private readonly nowMs: () => number) {}

  start(source: AudioSourceName): void {
    this.#untilMs.set(source, this.nowMs() + BARRED_MS);
  }

  has(source: AudioSourceName): boolean {
    return (this.#untilMs.get(source) ?? 0) > this.nowMs();
  }
}
