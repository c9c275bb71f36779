import type { TrackCounters } from './jitter-buffer.js';

/** What became of the sound of several tracks, all in all. */
export interface TrackTotals {
  readonly samplesDropped: number;
  readonly samplesSkipped: number;
  readonly samplesRepeated: number;
  readonly underruns: number;
}

export const NOTHING_YET: TrackTotals = { samplesDropped: 0, samplesSkipped: 0, samplesRepeated: 0, underruns: 0 };

/** With one more track. */
export function addTrack(sums: TrackTotals, track: TrackCounters): TrackTotals {
  return {
    samplesDropped: sums.samplesDropped + track.droppedSamples,
    samplesSkipped: sums.samplesSkipped + track.skippedSamples,
    samplesRepeated: sums.samplesRepeated + track.repeatedSamples,
    underruns: sums.underruns + track.underruns,
  };
}
