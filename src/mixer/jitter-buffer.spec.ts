import { describe, expect, it } from '@jest/globals';
import { FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../media/audio-format.js';
import { arriving, jitter, stalls } from './arrivals.spec-kit.js';
import { DriftingTrack } from './drifting-track.spec-kit.js';
import { ReceivedTrack } from './received-track.spec-kit.js';
import { babble, concatenated, firstDifference, humming, speech, spoken, talk } from './sound.spec-kit.js';
import { JitterBuffer } from './jitter-buffer.js';

const PIECE = 160;

/** Nothing arrives between two moments; then all of it at once. */
const frozen =
  (fromMs: number, toMs: number) =>
  (spokenMs: number): number =>
    spokenMs > fromMs && spokenMs < toMs ? toMs : spokenMs;

describe('JitterBuffer', () => {
  it('plays out bit for bit what comes in, 40 ms late', () => {
    const sound = babble(SAMPLE_RATE_HZ * 3);
    const played = concatenated(new ReceivedTrack(sound).run(3).played);
    const start = played.findIndex((sample) => sample !== 0);
    expect(start).toBe(40 * 16);
    expect(firstDifference(played.subarray(start), sound.subarray(0, played.length - start))).toBe(-1);
  });

  it.each([2, 5, 12])('loses nothing in a stall of %i s, keeps the order and catches up in the pauses', (seconds) => {
    const sound = talk(90);
    const track = new ReceivedTrack(sound, frozen(3_300, 3_300 + seconds * 1_000)).run(91);
    expect(firstDifference(spoken(concatenated(track.played)), spoken(sound))).toBe(-1);
    expect(track.buffer.counters).toMatchObject({ droppedSamples: 0, underruns: 2 });
    expect(track.depthsMs.at(-60)).toBeLessThanOrEqual(260);
    expect(track.buffer.counters.skippedSamples).toBeGreaterThan((seconds - 0.5) * SAMPLE_RATE_HZ);
  });

  it('catches up in pauses that are full of noise, too', () => {
    const noise = babble(90 * SAMPLE_RATE_HZ, 99).map((sample) => sample / 60);
    const sound = talk(90).map((sample, i) => (sample === 0 ? noise[i]! : sample + (sample > 0 ? 300 : -300)));
    const track = new ReceivedTrack(sound, frozen(13_300, 18_300)).run(90);
    const loud = (samples: Int16Array): Int16Array => samples.filter((sample) => Math.abs(sample) > 300);
    const played = loud(concatenated(track.played));
    expect(firstDifference(played, loud(sound).subarray(0, played.length))).toBe(-1);
    expect(track.depthsMs.at(-1)).toBeLessThanOrEqual(260);
  });

  it.each([0, 10])('leaves a stream without jitter unchanged, whose frames begin %i ms after ours', (laterMs) => {
    const track = new ReceivedTrack(talk(60), (spokenMs) => spokenMs + laterMs).run(60);
    expect(track.buffer.counters).toMatchObject({ skippedSamples: 0, repeatedSamples: 0, underruns: 0 });
    expect(Math.max(...track.depthsMs)).toBeLessThanOrEqual(20);
  });

  it.each([
    ['the reader itself was late', true, 30],
    ['it came too late', false, 70],
  ])('holds back as much afterwards, where sound was missing because %s', (_, readerIsLate, startDepthMs) => {
    const buffer = new JitterBuffer();
    buffer.write(new Int16Array(3 * FRAME_SAMPLES).fill(1_000));
    for (let reads = 0; reads < 4; reads++) buffer.read(new Int16Array(FRAME_SAMPLES), readerIsLate);
    expect(buffer.counters).toMatchObject({ underruns: 1, startDepthMs });
  });

  it('returns to the lowest depth in pauses after a stall has made it deeper', () => {
    const track = new ReceivedTrack(talk(60), frozen(3_300, 3_500)).run(60);
    expect(Math.max(...track.depthsMs.slice(-100))).toBeLessThan(20);
    expect(track.buffer.counters.repeatedSamples).toBe(0);
  });

  it('plays off a surplus between words where there are no pauses', () => {
    const sound = babble(60 * SAMPLE_RATE_HZ).map((sample, i) => (i % 8_320 < 4_800 ? sample : 0));
    const track = new ReceivedTrack(sound, frozen(3_300, 3_500)).run(12);
    expect(Math.max(...track.depthsMs.slice(175, 200))).toBeGreaterThanOrEqual(150);
    track.run(18);
    expect(Math.max(...track.depthsMs.slice(-100))).toBeLessThanOrEqual(60);
    const played = spoken(concatenated(track.played));
    expect(firstDifference(played, spoken(sound).subarray(0, played.length))).toBe(-1);
  });

  it('keeps enough of each pause to separate the words', () => {
    const played = concatenated(new ReceivedTrack(talk(60), frozen(3_300, 15_300)).run(60).played);
    const pauses = [...Buffer.from(played.map((sample) => (sample === 0 ? 0 : 1)))].join('').split(/1+/).slice(1, -1);
    const inside = pauses.map((pause) => pause.length / 16).filter((ms) => ms < 2_000);
    expect(inside.length).toBeGreaterThan(30);
    expect(Math.min(...inside)).toBeGreaterThanOrEqual(200);
  });

  it('holds 30 s; older audio is dropped and counted', () => {
    const buffer = new JitterBuffer();
    const sound = babble(40 * SAMPLE_RATE_HZ);
    for (let at = 0; at < sound.length; at += PIECE) buffer.write(sound.subarray(at, at + PIECE));
    expect(buffer.counters).toMatchObject({ droppedSamples: 10 * SAMPLE_RATE_HZ, bufferedMs: 30_000 });
    expect(buffer.takeDroppedSamples()).toBe(10 * SAMPLE_RATE_HZ);
    expect(buffer.takeDroppedSamples()).toBe(0);
    const frame = new Int16Array(FRAME_SAMPLES);
    expect(buffer.read(frame)).toBe(true);
    expect(frame).toEqual(sound.subarray(10 * SAMPLE_RATE_HZ, 10 * SAMPLE_RATE_HZ + FRAME_SAMPLES));
  });

  it('plays the rest of a track that ended, down to the last sample', () => {
    const buffer = new JitterBuffer();
    const sound = babble(1_000);
    buffer.write(sound);
    buffer.finish();
    const frames = Array.from({ length: 4 }, () => {
      const frame = new Int16Array(FRAME_SAMPLES);
      return buffer.read(frame) ? frame : frame.fill(0);
    });
    expect(concatenated(frames).subarray(0, 1_000)).toEqual(sound);
    expect(buffer.isPlayedOut).toBe(true);
    expect(buffer.read(new Int16Array(FRAME_SAMPLES))).toBe(false);
    expect(buffer.counters.underruns).toBe(0);
  });

  it('settles under jitter of 200 ± 100 ms, and recovers when it is over', () => {
    const arrival = arriving((spokenMs) => (spokenMs < 120_000 ? jitter(spokenMs) : 100));
    const sound = talk(240);
    const track = new ReceivedTrack(sound, arrival).run(30);
    const early = track.buffer.counters.underruns;
    track.run(90);
    expect(track.buffer.counters.underruns).toBe(early);
    expect(Math.max(...track.depthsMs.slice(-2_000))).toBeLessThanOrEqual(300 + 60);
    track.run(120);
    expect(Math.max(...track.depthsMs.slice(-500))).toBeLessThanOrEqual(120);
    expect(spoken(concatenated(track.played)).length).toBeGreaterThan(0.99 * spoken(sound).length);
  });

  it('settles when one frame in a hundred stalls for 500 ms, and recovers when that is over', () => {
    const stall = stalls(120);
    const arrival = arriving((spokenMs) => (spokenMs < 120_000 ? stall(spokenMs) : 0));
    const sound = talk(240);
    const track = new ReceivedTrack(sound, arrival).run(30);
    const early = track.buffer.counters.underruns;
    expect(early).toBeGreaterThan(0);
    track.run(90);
    expect(track.buffer.counters.underruns).toBe(early);
    expect(Math.max(...track.depthsMs.slice(1_500))).toBeLessThanOrEqual(500 + 60);
    track.run(120);
    expect(Math.max(...track.depthsMs.slice(-500))).toBeLessThanOrEqual(120);
    expect(firstDifference(spoken(concatenated(track.played)), spoken(sound))).toBe(-1);
  });

  const voice = speech(150);
  it.each([2, 6, 15])('settles when stalls follow jitter, at random with seed %i', (seed) => {
    const stall = stalls(150, seed);
    const arrival = arriving((spokenMs) => (spokenMs < 60_000 ? jitter : stall)(spokenMs));
    const track = new ReceivedTrack(voice, arrival).run(90);
    const early = track.buffer.counters.underruns;
    track.run(60);
    expect(track.buffer.counters.underruns).toBe(early);
    expect(Math.max(...track.delaysMs.slice(-3_000))).toBeLessThanOrEqual(500 + 60);
  });

  it('starts no deeper than a stream without jitter needs, deepens at once with jitter, and recovers', () => {
    const jittery = (spokenMs: number): boolean => spokenMs > 20_000 && spokenMs < 40_000;
    const arrival = arriving((spokenMs) => (jittery(spokenMs) ? 60 + 60 * Math.sin(spokenMs / 37) : 0));
    const track = new ReceivedTrack(talk(120), arrival).run(20);
    expect(track.buffer.counters).toMatchObject({ underruns: 0, startDepthMs: 20 });
    expect(Math.max(...track.depthsMs)).toBeLessThanOrEqual(40);
    track.run(3);
    const early = track.buffer.counters.underruns;
    expect(early).toBeLessThanOrEqual(4);
    track.run(17);
    expect(track.buffer.counters.underruns).toBe(early);
    expect(track.buffer.counters.startDepthMs).toBeGreaterThanOrEqual(40);
    track.run(80);
    expect(Math.max(...track.depthsMs.slice(-500))).toBeLessThanOrEqual(60);
    expect(track.buffer.counters.startDepthMs).toBe(20);
  });
});

/** The sharpest bend in a stream of frames: a click is one. */
class Bends {
  sharpest = 0;
  #last = 0;
  #slope = 0;

  watch(frame: Int16Array): void {
    for (let i = 0; i < frame.length; i++) {
      const slope = frame[i]! - this.#last;
      const bend = slope > this.#slope ? slope - this.#slope : this.#slope - slope;
      if (bend > this.sharpest) this.sharpest = bend;
      this.#slope = slope;
      this.#last = frame[i]!;
    }
  }
}

describe.each([true, false])('over an hour of drift (with pauses: %s)', (pauses) => {
  it.each([200, -200])('stays within ± 60 ms at %i ppm and does not click', (ppm) => {
    const track = new DriftingTrack(humming(pauses), ppm);
    const bends = new Bends();
    track.run(50, (frame) => bends.watch(frame));
    bends.sharpest = 0;
    const { leastDepthMs, greatestDepthMs } = track.run(50 * 3_599, (frame) => bends.watch(frame));
    expect(track.buffer.counters).toMatchObject({ underruns: 0, droppedSamples: 0 });
    const { skippedSamples, repeatedSamples } = track.buffer.counters;
    expect(Math.abs(skippedSamples - repeatedSamples - 3_600 * 16_000 * ppm * 1e-6)).toBeLessThan(60 * 16);
    expect(greatestDepthMs - leastDepthMs).toBeLessThanOrEqual(120);
    expect(bends.sharpest).toBeLessThan(1.5 * 10_000 * (2 * Math.PI * (200 / SAMPLE_RATE_HZ)) ** 2 + 4);
  });
});
