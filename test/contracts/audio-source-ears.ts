import { EventEmitter, once } from 'node:events';
import { TrackAudioSink, type TrackAdmission, type TrackInput } from '../../src/media/track-audio-sink.js';

const RATE_HZ = 16_000;
const WINDOW_SAMPLES = RATE_HZ / 5;
const LOUD = 1_000;

/** In place of the mixer: hears what tone comes on each track, and what comes that should not. */
export class Ears extends TrackAudioSink {
  readonly #tracks = new Map<string, HeardTone>();
  readonly #changed = new EventEmitter();

  override admission(): TrackAdmission {
    return 'admitted';
  }

  override missed(): void {}

  override open(_sessionId: string, trackSid: string): TrackInput {
    const tone = this.#tone(trackSid);
    return {
      write: (samples) => {
        tone.write(samples);
        this.#changed.emit('sound');
      },
      setMuted: () => undefined,
      close: () => undefined,
    };
  }

  /** How many samples have come. */
  samplesOf(trackSid: string): number {
    return this.#tone(trackSid).samples;
  }

  /** Resolves when the last 200 ms of the track are that tone, give or take a few hertz. */
  async hears(trackSid: string, hz: number, withinMs = 12_000): Promise<void> {
    const signal = AbortSignal.timeout(withinMs);
    while (Math.abs(this.#tone(trackSid).hz - hz) > 15) {
      await once(this.#changed, 'sound', { signal }).catch(() => {
        throw new Error(`${trackSid} should be ${hz} Hz and is ${this.#tone(trackSid).hz}`);
      });
    }
  }

  /** Forgets what the track sounded like, so that only what comes from now on is heard. */
  forget(trackSid: string): void {
    this.#tone(trackSid).forget();
  }

  #tone(trackSid: string): HeardTone {
    const tone = this.#tracks.get(trackSid) ?? new HeardTone();
    this.#tracks.set(trackSid, tone);
    return tone;
  }
}

/** Counts the rising edges of the last 200 ms. */
class HeardTone {
  samples = 0;
  hz = 0;
  #edges = 0;
  #inWindow = 0;
  #below = false;

  forget(): void {
    this.hz = this.#edges = this.#inWindow = 0;
  }

  write(samples: Int16Array): void {
    this.samples += samples.length;
    for (const sample of samples) this.#take(sample);
  }

  #take(sample: number): void {
    if (sample < -LOUD) this.#below = true;
    if (sample > LOUD && this.#below) {
      this.#below = false;
      this.#edges += 1;
    }
    if (++this.#inWindow < WINDOW_SAMPLES) return;
    this.hz = (this.#edges * RATE_HZ) / WINDOW_SAMPLES;
    this.#edges = this.#inWindow = 0;
  }
}
