import { EventEmitter, once } from 'node:events';
import { TrackAudioSink, type TrackAdmission, type TrackInput } from '../../src/media/track-audio-sink.js';
import { Tones } from './tones.js';

/** In place of the mixer: hears what tones come on each track, and what comes that should not. */
export class Ears extends TrackAudioSink {
  readonly #tracks = new Map<string, Tones>();
  readonly #changed = new EventEmitter();

  override admission(): TrackAdmission {
    return 'admitted';
  }

  override reportMissing(): void {}

  override open(_sessionId: string, trackSid: string): TrackInput {
    const tones = this.#tones(trackSid);
    return {
      write: (samples) => {
        tones.write(samples);
        this.#changed.emit('sound');
      },
      setMuted: () => undefined,
      close: () => undefined,
    };
  }

  /** How many samples have come. */
  samplesOf(trackSid: string): number {
    return this.#tones(trackSid).samples;
  }

  /** Resolves when the last 200 ms of the track hold these tones and no other. */
  async hears(trackSid: string, tonesHz: readonly number[], withinMs = 50_000): Promise<void> {
    const signal = AbortSignal.timeout(withinMs);
    const heard = (): string => this.#tones(trackSid).heardHz.join();
    while (heard() !== tonesHz.join()) {
      await once(this.#changed, 'sound', { signal }).catch(() => {
        throw new Error(`${trackSid} should be ${tonesHz.join()} Hz and is ${heard()}`);
      });
    }
  }

  /** Forgets what the track sounded like, so that only what comes from now on is heard. */
  forget(trackSid: string): void {
    this.#tones(trackSid).forget();
  }

  #tones(trackSid: string): Tones {
    const tones = this.#tracks.get(trackSid) ?? new Tones();
    this.#tracks.set(trackSid, tones);
    return tones;
  }
}
