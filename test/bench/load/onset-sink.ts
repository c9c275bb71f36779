import { TrackAudioSink, type TrackAdmission, type TrackInput } from '../../../src/media/track-audio-sink.js';
import { OnsetDetector } from './onset-detector.js';

/** In place of the mixer: notes when a tone begins in what comes. */
export class OnsetSink extends TrackAudioSink {
  /** Monotonic, in milliseconds, the same in every process. */
  readonly onsetsMs: number[] = [];

  override admission(): TrackAdmission {
    return 'admitted';
  }

  override open(): TrackInput {
    const detector = new OnsetDetector();
    return {
      write: (samples) => {
        const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
        if (detector.findsOnset(bytes)) this.onsetsMs.push(monotonicMs());
      },
      setMuted: () => undefined,
      close: () => undefined,
    };
  }

  override reportMissing(): void {
    // A lost tone is missing among the onsets.
  }
}

export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** From the beginning of each sound to the moment in which it arrived. */
export function delaysOf(sentMs: readonly number[], arrivedMs: readonly number[], mostMs = 5_000): number[] {
  return sentMs.flatMap((sent) => {
    const arrived = arrivedMs.find((at) => at >= sent && at < sent + mostMs);
    return arrived === undefined ? [] : [arrived - sent];
  });
}
