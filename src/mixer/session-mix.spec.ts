import { beforeEach, describe, expect, it } from '@jest/globals';
import { tone, MINUS_1_DBFS } from '../../libs/audio/tone.spec-kit.js';
import { FRAME_SAMPLES } from '../media/audio-format.js';
import { RecordingSink, Speaker, type RecordedMix } from './mix.spec-kit.js';
import { SessionMix, type AudioLoss } from './session-mix.js';
import { babble, firstDifference, spoken, talk } from './sound.spec-kit.js';

const START_SAMPLES = 2 * FRAME_SAMPLES;

describe('the mix of a session', () => {
  let sink: RecordingSink;
  let mix: SessionMix;
  let losses: AudioLoss[];
  let step: number;

  beforeEach(() => {
    sink = new RecordingSink();
    losses = [];
    step = 100;
    mix = new SessionMix('s', step, sink, (loss) => losses.push(loss));
  });

  const join = (trackSid: string, sound: Int16Array): Speaker => {
    mix.publish(trackSid);
    return new Speaker(sound, mix.open(trackSid, step));
  };
  const run = (frames: number, ...speakers: Speaker[]): void => {
    for (let i = 0; i < frames; i++) {
      for (const speaker of speakers) speaker.speak();
      mix.step(step++);
    }
  };
  const mixed = (): RecordedMix => sink.of('s');

  it('brings one speaker through bit for bit', () => {
    const sound = babble(100 * FRAME_SAMPLES);
    run(100, join('A', sound));
    const played = mixed().samples;
    const start = played.findIndex((sample) => sample !== 0);
    expect(start).toBeLessThan(START_SAMPLES);
    expect(firstDifference(played.subarray(start), sound.subarray(0, played.length - start))).toBe(-1);
  });

  it('adds two speakers sample by sample', () => {
    const [a, b] = [babble(100 * FRAME_SAMPLES, 1), babble(100 * FRAME_SAMPLES, 2)];
    run(100, join('A', a), join('B', b));
    const played = spoken(mixed().samples);
    const sum = spoken(a.map((sample, i) => sample + b[i]!));
    expect(played.length).toBeGreaterThan(97 * FRAME_SAMPLES);
    expect(firstDifference(played, sum.subarray(0, played.length))).toBe(-1);
  });

  it('never wraps with eight tracks at -1 dBFS', () => {
    const sound = tone(200, 16_000, 100 * FRAME_SAMPLES, MINUS_1_DBFS);
    run(100, ...['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map((sid) => join(sid, sound)));
    const played = mixed().samples.subarray(40 * FRAME_SAMPLES);
    const phase = sound.subarray(40 * FRAME_SAMPLES - 2 * FRAME_SAMPLES);
    for (let i = 0; i < played.length; i++) {
      expect(played[i]! * Math.sign(phase[i]!)).toBeGreaterThanOrEqual(0);
    }
    expect(Math.max(...played)).toBeGreaterThan(32_000);
  });

  it('keeps speakers apart in channels, bit for bit, and lets the rest share the last', () => {
    mix = new SessionMix('s', step, sink, (loss) => losses.push(loss), { channels: 2 });
    const sounds = [1, 2, 3].map((seed) => babble(100 * FRAME_SAMPLES, seed));
    run(100, ...['A', 'B', 'C'].map((sid, i) => join(sid, sounds[i]!)));
    const { samples, stream } = mixed();
    const [first, last] = [0, 1].map((channel) => spoken(samples.filter((_, i) => i % 2 === channel)));
    expect(samples).toHaveLength(2 * 100 * FRAME_SAMPLES);
    expect(firstDifference(first!, sounds[0]!.subarray(0, first!.length))).toBe(-1);
    expect(
      firstDifference(last!, spoken(sounds[1]!.map((sample, i) => sample + sounds[2]![i]!)).subarray(0, last!.length)),
    ).toBe(-1);
    expect(last!.length).toBeGreaterThan(97 * FRAME_SAMPLES);
    expect([0, 1].map((channel) => stream.channels?.tracksIn(channel, 0, 1_000))).toEqual([['A'], ['B', 'C']]);
    mix.unpublish('A', step);
    run(100);
    expect(stream.channels?.tracksIn(0, 3_500, 4_000)).toEqual(['C']);
  });

  it('opens with the first track, at the session’s time, and has no gap from there on', () => {
    run(50);
    expect(sink.mixes.size).toBe(0);
    const speaker = join('A', talk(10));
    run(30, speaker);
    run(70);
    run(5, join('B', talk(10)));
    expect(mixed().stream.startSamples).toBe(50 * FRAME_SAMPLES);
    expect(mixed().samples).toHaveLength(105 * FRAME_SAMPLES);
    expect(mix.counters).toMatchObject({ framesMixed: 105, underruns: 1 });
  });

  it('hands a track over to a second connection without a jump', () => {
    const sound = babble(200 * FRAME_SAMPLES);
    const first = join('A', sound);
    run(50, first);
    const second = new Speaker(sound.subarray(50 * FRAME_SAMPLES), mix.open('A', step));
    run(50, first, second);
    first.input.close();
    run(50, second);
    const played = spoken(mixed().samples);
    expect(firstDifference(played, sound.subarray(0, played.length))).toBe(-1);
    expect(played.length).toBeGreaterThan(140 * FRAME_SAMPLES);
    expect(mix.trackCounters.size).toBe(1);
  });

  it('continues what an ended connection left when another opens', () => {
    const sound = babble(100 * FRAME_SAMPLES);
    const first = join('A', sound);
    run(10, first);
    first.input.close();
    const second = new Speaker(sound.subarray(10 * FRAME_SAMPLES), mix.open('A', step));
    run(20, second);
    const played = spoken(mixed().samples);
    expect(firstDifference(played, sound.subarray(0, played.length))).toBe(-1);
    expect(played.length).toBeGreaterThan(25 * FRAME_SAMPLES);
  });

  it('plays what is left of a track that is unpublished, then frees it', () => {
    const sound = babble(20 * FRAME_SAMPLES);
    const speaker = join('A', sound);
    speaker.speak(20);
    mix.unpublish('A', step);
    expect(mix.admission('A')).toBe('unknown');
    run(10, speaker);
    expect(mix.trackCounters.size).toBe(1);
    run(15, speaker);
    expect(firstDifference(spoken(mixed().samples), sound)).toBe(-1);
    expect(mix.trackCounters.size).toBe(0);
    mix.open('A', step).write(sound);
    run(5);
    expect(firstDifference(spoken(mixed().samples), sound)).toBe(-1);
  });

  it('reports the missing audio of a connection when its track is unpublished, and nothing after that', () => {
    mix.publish('A');
    const input = mix.open('A', step, () => ({ lostMs: 400.3, endedAgoMs: 0 }));
    input.write(babble(2 * FRAME_SAMPLES));
    run(50);
    mix.unpublish('A', step);
    mix.reportMissing('A', { lostMs: 400, endedAgoMs: 0 }, step);
    expect(losses).toEqual([{ trackSid: 'A', startMs: 600, endMs: 1_000 }]);
  });

  it('ends once every track has closed and is played out', () => {
    const sound = babble(60 * FRAME_SAMPLES);
    const speaker = join('A', sound);
    run(10, speaker);
    mix.end(step, 4_000);
    expect(mix.admission('A')).toBe('ended');
    run(40, speaker);
    speaker.speak(10);
    speaker.input.close();
    expect(mixed().closes).toBe(0);
    run(20);
    expect(firstDifference(spoken(mixed().samples), sound)).toBe(-1);
    expect(mixed().closes).toBe(1);
    mix.close();
    expect(mixed().closes).toBe(1);
  });

  it('ends at the deadline when a track does not', () => {
    const speaker = join('A', babble(400 * FRAME_SAMPLES));
    run(10, speaker);
    mix.end(step, 4_000);
    mix.end(step + 50, 4_000);
    run(200, speaker);
    expect(mixed().closes).toBe(0);
    run(10, speaker);
    expect(mixed().closes).toBe(1);
    expect(mix.closed).toBe(true);
  });

  it('reports which part of the session was lost, and how much', () => {
    const speaker = join('A', babble(2_000 * FRAME_SAMPLES));
    run(40 * 50);
    speaker.speak(36 * 50);
    run(60);
    expect(losses).toEqual([{ trackSid: 'A', startMs: expect.any(Number), endMs: expect.any(Number) }]);
    const { startMs, endMs } = losses[0]!;
    expect(endMs - startMs).toBe(6_000);
    expect(Math.abs(startMs - 4_000)).toBeLessThanOrEqual(1_000);
    expect(mix.counters.samplesDropped).toBe(6 * 16_000);
  });

  it('places late audio in the timeline where it is played', () => {
    const speaker = join('A', babble(500 * FRAME_SAMPLES));
    run(100);
    speaker.speak(50);
    run(70);
    const { timeline } = mixed().stream;
    expect(timeline.activity(0, 1_900)).toEqual([]);
    expect(timeline.activity(2_100, 2_900)).toMatchObject([{ trackSid: 'A', speech: 1 }]);
    expect(timeline.activity(3_100, 3_400)).toEqual([]);
  });
});
