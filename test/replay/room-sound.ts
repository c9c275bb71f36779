import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { upsample16kTo48k } from '../../libs/sandbox/livekit/upsampler.js';

export const FRAME_MS = 20;
const RATE_PER_MS = 48;
const FRAME_SAMPLES = FRAME_MS * RATE_PER_MS;

interface Talk {
  readonly samples: Int16Array;
  readonly fromSample: number;
  readonly gain: number;
}

interface Mute {
  readonly atMs: number;
  readonly muted: boolean;
}

/** In Jest's contexts a look at a global costs more than the sum. */
const { max, min, round } = Math;

const bundled = new Map(loadRecordings().map((recording) => [recording.id, recording]));
const upsampled = new Map<string, Int16Array>();

/** A bundled recording at 48 kHz. @throws Error when there is none of that name */
function soundOf(id: string): Int16Array {
  const known = upsampled.get(id);
  if (known !== undefined) return known;
  const recording = bundled.get(id);
  if (recording === undefined) throw new Error(`no bundled recording ${id}`);
  const samples = upsample16kTo48k(recording.samples);
  upsampled.set(id, samples);
  return samples;
}

/** How long a bundled recording is; 0 where there is none of that name. */
export const lengthMsOf = (id: string): number => (bundled.get(id)?.samples.length ?? 0) / 16;

/** What the microphones of a room pick up, as Egress sends it: 48 kHz, 16 bit, two channels. */
export class RoomSound {
  readonly #talks = new Map<string, Talk[]>();
  readonly #mutes = new Map<string, Mute[]>();

  talk(track: string, of: string, atMs: number, gain = 1, fromMs = 0): void {
    const samples = soundOf(of).subarray(fromMs * RATE_PER_MS);
    const talks = this.#talks.get(track) ?? [];
    this.#talks.set(track, [...talks, { samples, fromSample: atMs * RATE_PER_MS, gain }]);
  }

  mute(track: string, muted: boolean, atMs: number): void {
    this.#mutes.set(track, [...(this.#mutes.get(track) ?? []), { atMs, muted }]);
  }

  /** One frame from `atMs` on. @param channels the tracks that are mixed in the left and in the right channel */
  frame(atMs: number, [left, right]: readonly [readonly string[], readonly string[]]): Buffer {
    const leftMix = this.#mix(left, atMs);
    const rightMix = right.join() === left.join() ? leftMix : this.#mix(right, atMs);
    const frame = new Int16Array(FRAME_SAMPLES * 2);
    for (let i = 0; i < FRAME_SAMPLES; i++) {
      frame[2 * i] = leftMix[i]!;
      frame[2 * i + 1] = rightMix[i]!;
    }
    return Buffer.from(frame.buffer);
  }

  #mix(tracks: readonly string[], atMs: number): Int16Array {
    const mix = new Int16Array(FRAME_SAMPLES);
    for (const track of tracks) {
      for (const talk of this.#talks.get(track) ?? []) {
        addTo(mix, talk, atMs * RATE_PER_MS, this.#mutes.get(track) ?? []);
      }
    }
    return mix;
  }
}

function addTo(mix: Int16Array, { samples, fromSample, gain }: Talk, frameFrom: number, mutes: readonly Mute[]): void {
  const offset = frameFrom - fromSample;
  const last = min(FRAME_SAMPLES, samples.length - offset);
  for (let i = max(0, -offset); i < last; i++) {
    if (mutes.length > 0 && isMuted(mutes, (frameFrom + i) / RATE_PER_MS)) continue;
    const sum = mix[i]! + round(gain * samples[offset + i]!);
    mix[i] = max(-32_768, min(32_767, sum));
  }
}

const isMuted = (mutes: readonly Mute[], ms: number): boolean =>
  mutes.findLast(({ atMs }) => atMs <= ms)?.muted ?? false;
