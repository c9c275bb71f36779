import { SAMPLE_RATE_HZ } from '../media/audio-format.js';

const TOLERANCE_SAMPLES = SAMPLE_RATE_HZ / 2;

/**
 * From the samples that one Gladia session has received to positions in the audio log. Gladia has no clock but the sound
 * it got, so each resume and each gap shifts its times: every contiguous stretch that was sent has its own line here.
 */
export class TimeMap {
  readonly #stretches: { readonly server: number; readonly position: number }[] = [];

  /** From its sample `server` on, the session received the log from `position` on. */
  place(server: number, position: number): void {
    this.#stretches.push({ server, position });
  }

  /**
   * The log position of a moment that Gladia names. The newest stretch wins, unless it would put the moment after
   * everything that was sent: then a counter was restarted on resume while the times went on.
   */
  position(server: number, sentUntil: number): number {
    for (let i = this.#stretches.length - 1; i >= 0; i -= 1) {
      const stretch = this.#stretches[i];
      if (stretch === undefined || stretch.server > server) continue;
      const position = stretch.position + server - stretch.server;
      if (position <= sentUntil + TOLERANCE_SAMPLES) return Math.min(position, sentUntil);
    }
    const first = this.#stretches[0];
    return Math.max(0, Math.min(sentUntil, server - (first?.server ?? 0) + (first?.position ?? 0)));
  }
}
