import type { TrackCounters } from './track-buffer.js';

/** What became of the sound of several tracks, all in all. */
export interface TrackSums {
  readonly samplesDropped: number;
  readonly samplesSkipped: number;
  readonly samplesRepeated: number;
  readonly underruns: number;
}

export const NOTHING_YET: TrackSums = { samplesDropped: 0, samplesSkipped: 0, samplesRepeated: 0, underruns: 0 };

/** With one more track. */
export function plus(sums: TrackSums, track: TrackCounters): TrackSums {
  return {
    samplesDropped: sums.samplesDropped + track.droppedSamples,
    samplesSkipped: sums.samplesSkipped + track.skippedSamples,
    samplesRepeated: sums.samplesRepeated + track.repeatedSamples,
    underruns: sums.underruns + track.underruns,
  };
}
