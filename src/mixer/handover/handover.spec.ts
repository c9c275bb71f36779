import { describe, expect, it } from '@jest/globals';
import { FRAME_SAMPLES, SAMPLE_RATE_HZ, msToSamples } from '../../media/audio-format.js';
import type { TrackInput } from '../../media/track-audio-sink.js';
import { MixedTrack } from '../mixed-track.js';
import { babble, concatenated, firstDifference, speech, spoken } from '../sound.spec-kit.js';
import { TrackHistory } from '../track-history.js';

const PIECE = msToSamples(10);

/** One connection of a track: the same sound as any other, later than it was spoken. */
interface Connection {
  readonly sound: Int16Array;
  readonly delayMs: number;
  readonly opensMs: number;
  /** Where its audio begins; default: when it opens. */
  readonly firstSpokenMs?: number;
  readonly closesMs?: number;
  /** It stays open, but delivers nothing from here on. */
  readonly diesMs?: number;
}

class Sender {
  #input: TrackInput | undefined;
  #sent: number;

  constructor(private readonly connection: Connection) {
    this.#sent = msToSamples(connection.firstSpokenMs ?? connection.opensMs);
  }

  pass(nowMs: number, track: MixedTrack): void {
    const { sound, delayMs, opensMs, closesMs = Infinity, diesMs = Infinity } = this.connection;
    if (nowMs < opensMs) return;
    this.#input ??= track.open();
    if (nowMs >= closesMs) this.#input.close();
    if (nowMs >= Math.min(closesMs, diesMs)) return;
    const due = Math.min(sound.length, msToSamples(nowMs - delayMs));
    for (; this.#sent + PIECE <= due; this.#sent += PIECE) {
      this.#input.write(sound.subarray(this.#sent, this.#sent + PIECE));
    }
  }
}

const play = (seconds: number, ...connections: Connection[]): { track: MixedTrack; played: Int16Array } => {
  const track = new MixedTrack('A', new TrackHistory());
  const senders = connections.map((connection) => new Sender(connection));
  const frames = Array.from({ length: seconds * 50 }, (_, step) => {
    for (const sender of senders) sender.pass(step * 20, track);
    const frame = new Int16Array(FRAME_SAMPLES);
    return track.buffer.read(frame) ? frame : frame.fill(0);
  });
  return { track, played: concatenated(frames) };
};

const sound = speech(30);

/** All speech is played, in order and once, except what is still on its way. */
const expectEveryWordOnce = (played: Int16Array, onTheWayMs: number): void => {
  const [words, all] = [spoken(played), spoken(sound)];
  expect(words.length).toBeGreaterThan(spoken(sound.subarray(0, played.length - msToSamples(onTheWayMs))).length);
  expect(firstDifference(words, all.subarray(0, words.length))).toBe(-1);
};

describe.each([
  ['egress to participant', 255, 97],
  ['participant to egress', 97, 255],
  ['slow egress to participant', 2_900, 97],
  ['participant to slow egress', 97, 2_900],
  ['the same again', 255, 255],
])('from %s', (_, formerMs, newcomerMs) => {
  const former: Connection = { sound, delayMs: formerMs, opensMs: 0 };
  // The delay of the former connection is made up in pauses, which takes a while.
  const onTheWayMs = Math.max(formerMs, newcomerMs) + 500;

  it('loses and duplicates no word', () => {
    const { played, track } = play(25, former, { sound, delayMs: newcomerMs, opensMs: 4_000 });
    expectEveryWordOnce(played, onTheWayMs);
    expect(track.buffer.counters.underruns).toBeLessThanOrEqual(1);
  });

  it.each([500, 1_500])('nor when the former closes %i ms after the newcomer’s first audio', (ms) => {
    const closesMs = 4_000 + newcomerMs + Math.max(0, formerMs - newcomerMs) + ms;
    const { played } = play(25, { ...former, closesMs }, { sound, delayMs: newcomerMs, opensMs: 4_000 });
    expectEveryWordOnce(played, onTheWayMs);
  });
});

describe('Handover', () => {
  const former: Connection = { sound, delayMs: 97, opensMs: 0 };

  it('loses and duplicates nothing when the former closes before a slow newcomer delivers anything', () => {
    const closesMs = 4_500;
    for (const firstSpokenMs of [3_600, 4_380]) {
      const { played } = play(25, { ...former, closesMs }, { sound, delayMs: 2_900, opensMs: 4_000, firstSpokenMs });
      expectEveryWordOnce(played, 4_000);
    }
  });

  it('takes the newcomer when the former is open but dead', () => {
    const { played } = play(25, { ...former, diesMs: 6_000 }, { sound, delayMs: 255, opensMs: 5_000 });
    expectEveryWordOnce(played, 1_300);
  });

  it('stays with the former when the newcomer leaves again', () => {
    const { played } = play(25, former, { sound, delayMs: 2_900, opensMs: 4_000, closesMs: 4_900 });
    expectEveryWordOnce(played, 600);
  });

  it('switches in silence without a trace, and plays what follows once', () => {
    const late = Int16Array.from(sound, (sample, i) => (i < 9 * SAMPLE_RATE_HZ ? 0 : sample));
    for (const [from, to] of [
      [97, 2_900],
      [2_900, 97],
    ] as const) {
      const { played } = play(
        25,
        { sound: late, delayMs: from, opensMs: 0, closesMs: 8_500 },
        { sound: late, delayMs: to, opensMs: 4_000 },
      );
      const words = spoken(played);
      expect(words.length).toBeGreaterThan(9.5 * SAMPLE_RATE_HZ);
      expect(firstDifference(words, spoken(late).subarray(0, words.length))).toBe(-1);
    }
  });

  it('keeps a speaking former over a newcomer that is silent, and takes a speaking newcomer over a silent former', () => {
    const silence = new Int16Array(sound.length);
    const kept = play(15, former, { sound: silence, delayMs: 255, opensMs: 4_000 });
    expectEveryWordOnce(kept.played, 600);
    const taken = play(15, { sound: silence, delayMs: 97, opensMs: 0 }, { sound, delayMs: 255, opensMs: 4_000 });
    const words = spoken(taken.played);
    const due = spoken(sound.subarray(4 * SAMPLE_RATE_HZ));
    expect(words.length).toBeGreaterThan(5 * SAMPLE_RATE_HZ);
    expect(firstDifference(words, due.subarray(0, words.length))).toBe(-1);
  });

  it('gives up where the connections cannot be aligned, without keeping both for ever', () => {
    const other = speech(30, 5_000);
    const { played } = play(25, former, { sound: other, delayMs: 97, opensMs: 4_000 });
    const last = played.subarray(-2 * SAMPLE_RATE_HZ, -SAMPLE_RATE_HZ);
    const at = other.findIndex(
      (_, i) => i > 20 * SAMPLE_RATE_HZ && other.subarray(i, i + 400).every((sample, n) => sample === last[n]),
    );
    expect(at).toBeGreaterThan(0);
  });

  it('lets the newest of three connections win', () => {
    const { played } = play(
      25,
      former,
      { sound, delayMs: 255, opensMs: 4_000 },
      { sound, delayMs: 97, opensMs: 4_100 },
      { sound, delayMs: 400, opensMs: 12_000 },
    );
    expectEveryWordOnce(played, 900);
  });

  it('changes no level while two connections of one track are open', () => {
    const steady = babble(20 * SAMPLE_RATE_HZ);
    const connection = { sound: steady, delayMs: 100, opensMs: 0 };
    const { played } = play(10, connection, { ...connection, opensMs: 3_000 });
    const from = played.findIndex((sample) => sample !== 0);
    const all = played.subarray(from);
    expect(firstDifference(all, steady.subarray(0, all.length))).toBe(-1);
  });
});
