import { describe, expect, it } from '@jest/globals';
import { LostAudioDetector } from './lost-audio-detector.js';

const CHUNK_MS = 40;
const TIMEOUT_MS = 8_000;

/** A log that is sent in real time, chunk by chunk, by a clock of its own. */
class SentLog {
  readonly detector = new LostAudioDetector(TIMEOUT_MS, 0);
  #nowMs = 0;
  #sent = 0;
  #acknowledged = 0;
  readonly #inTransit: number[] = [];

  /** How long it takes until lost audio is detected, if it is. */
  run(forMs: number, delayMs: number, isLost: (chunk: number) => boolean, holdsBack = false): number | undefined {
    const startedAtMs = this.#nowMs;
    while (this.#nowMs < startedAtMs + forMs) {
      this.#nowMs += CHUNK_MS;
      this.#sent += 1;
      if (!isLost(this.#sent)) this.#inTransit.push(this.#nowMs + delayMs);
      while (!holdsBack && this.#inTransit[0] !== undefined && this.#inTransit[0] <= this.#nowMs) {
        this.#inTransit.shift();
        this.#acknowledged += 1;
        this.detector.acknowledged();
      }
      this.detector.observe(this.#nowMs, (this.#sent - this.#acknowledged) * CHUNK_MS, this.#acknowledged, true);
      if (this.detector.isLosingAudio) return this.#nowMs - startedAtMs;
    }
    return undefined;
  }

  get sent(): number {
    return this.#sent;
  }
}

const none = (): boolean => false;

describe('LostAudioDetector', () => {
  it.each([20, 200, 5_000])('detects in time that half is lost, and since when (%i ms in transit)', (delayMs) => {
    for (const calmMs of [20_000, 20_600, 21_300, 21_900]) {
      const log = new SentLog();
      expect(log.run(calmMs, delayMs, none)).toBeUndefined();
      const firstLost = log.sent + 1;
      const foundAfterMs = log.run(30_000, delayMs, (chunk) => chunk % 2 === 0)!;
      expect(foundAfterMs).toBeLessThanOrEqual(delayMs === 5_000 ? 15_000 : 9_000);
      expect(log.detector.intactUntil).toBeLessThanOrEqual(firstLost);
      expect(log.detector.intactUntil).toBeGreaterThan(firstLost - (8_000 + delayMs) / CHUNK_MS);
    }
  });

  it('detects a connection that loses half from its first chunk on', () => {
    const log = new SentLog();
    expect(log.run(30_000, 20, (chunk) => chunk % 2 === 0)).toBeLessThanOrEqual(9_000);
    expect(log.detector.intactUntil).toBeLessThanOrEqual(1);
  });

  it.each([0, 5_000])('accepts a server whose acknowledgments take %i ms', (delayMs) => {
    expect(new SentLog().run(60_000, delayMs, none)).toBeUndefined();
  });

  it('accepts a server that stalls and then catches up, or gets slower once', () => {
    const log = new SentLog();
    for (let i = 0; i < 5; i += 1) {
      expect(log.run(5_000, 20, none)).toBeUndefined();
      expect(log.run(7_000, 20, none, true)).toBeUndefined();
    }
    expect(log.run(10_000, 3_000, none)).toBeUndefined();
  });

  it('detects nothing while a backlog is sent', () => {
    const detector = new LostAudioDetector(TIMEOUT_MS, 0);
    for (let ms = 0; ms < 60_000; ms += 50) {
      detector.acknowledged();
      detector.observe(ms, ms / 2, ms, false);
    }
    expect(detector.isLosingAudio).toBe(false);
  });
});
