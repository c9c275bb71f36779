import { describe, expect, it } from '@jest/globals';
import { LostAudioDetector } from './lost-audio-detector.js';

const CHUNK_MS = 40;
const TIMEOUT_MS = 8_000;

/** A log that is sent as it comes, chunk by chunk, by a clock of its own. */
class WatchedLog {
  readonly watch = new LostAudioDetector(TIMEOUT_MS, 0);
  #nowMs = 0;
  #sent = 0;
  #acknowledged = 0;
  readonly #onTheWay: number[] = [];

  /** How long it takes until the watch calls it leaky, if it does. */
  run(forMs: number, delayMs: number, isLost: (chunk: number) => boolean, holdsBack = false): number | undefined {
    const begunAtMs = this.#nowMs;
    while (this.#nowMs < begunAtMs + forMs) {
      this.#nowMs += CHUNK_MS;
      this.#sent += 1;
      if (!isLost(this.#sent)) this.#onTheWay.push(this.#nowMs + delayMs);
      while (!holdsBack && this.#onTheWay[0] !== undefined && this.#onTheWay[0] <= this.#nowMs) {
        this.#onTheWay.shift();
        this.#acknowledged += 1;
        this.watch.acknowledged();
      }
      this.watch.observe(this.#nowMs, (this.#sent - this.#acknowledged) * CHUNK_MS, this.#acknowledged, true);
      if (this.watch.isLosingAudio) return this.#nowMs - begunAtMs;
    }
    return undefined;
  }

  get sent(): number {
    return this.#sent;
  }
}

const none = (): boolean => false;

describe('LeakWatch', () => {
  it.each([20, 200, 5_000])('finds within its time that half is lost, and since when (%i ms on the way)', (delayMs) => {
    for (const calmMs of [20_000, 20_600, 21_300, 21_900]) {
      const log = new WatchedLog();
      expect(log.run(calmMs, delayMs, none)).toBeUndefined();
      const firstLost = log.sent + 1;
      const foundAfterMs = log.run(30_000, delayMs, (chunk) => chunk % 2 === 0)!;
      expect(foundAfterMs).toBeLessThanOrEqual(delayMs === 5_000 ? 15_000 : 9_000);
      expect(log.watch.intactUntil).toBeLessThanOrEqual(firstLost);
      expect(log.watch.intactUntil).toBeGreaterThan(firstLost - (8_000 + delayMs) / CHUNK_MS);
    }
  });

  it('finds a connection that loses half from its first chunk on', () => {
    const log = new WatchedLog();
    expect(log.run(30_000, 20, (chunk) => chunk % 2 === 0)).toBeLessThanOrEqual(9_000);
    expect(log.watch.intactUntil).toBeLessThanOrEqual(1);
  });

  it.each([0, 5_000])('leaves a server alone whose acknowledgments take %i ms', (delayMs) => {
    expect(new WatchedLog().run(60_000, delayMs, none)).toBeUndefined();
  });

  it('leaves a server alone that stalls and then makes up for it, or gets slower once', () => {
    const log = new WatchedLog();
    for (let i = 0; i < 5; i += 1) {
      expect(log.run(5_000, 20, none)).toBeUndefined();
      expect(log.run(7_000, 20, none, true)).toBeUndefined();
    }
    expect(log.run(10_000, 3_000, none)).toBeUndefined();
  });

  it('says nothing while a backlog is sent', () => {
    const watch = new LostAudioDetector(TIMEOUT_MS, 0);
    for (let ms = 0; ms < 60_000; ms += 50) {
      watch.acknowledged();
      watch.observe(ms, ms / 2, ms, false);
    }
    expect(watch.isLosingAudio).toBe(false);
  });
});
