import { tone } from '../../../libs/audio/tone.spec-kit.js';
import { mixed } from './mixed.js';

interface Tones {
  readonly tracks: number;
  readonly hz: number;
  readonly dbfs: number;
}

const RATE_HZ = 48_000;
const SECONDS = 2;
const FULL_SCALE = 32_767;
const QUIET_DB = -40;
/** Below it, the rounding of the quiet copy decides the sign. */
const LOUD_ENOUGH = FULL_SCALE / 8;

export interface ClippingFigures {
  readonly wrappedSamples: number;
  readonly peakDbfs: number;
}

/** The loudest input: eight tracks in phase near full scale, and one that is louder still, the same on both channels. */
export function measureClipping(): { readonly eightTracks: ClippingFigures; readonly stereoPair: ClippingFigures } {
  return {
    eightTracks: clippingOf({ tracks: 8, hz: 200, dbfs: -1 }),
    stereoPair: clippingOf({ tracks: 1, hz: 997, dbfs: -0.1 }),
  };
}

/** A quiet copy shows on which side of zero each sample lies. */
function clippingOf(tones: Tones): ClippingFigures {
  const loud = mixOf(tones);
  const quiet = mixOf({ ...tones, dbfs: tones.dbfs + QUIET_DB });
  return {
    wrappedSamples: loud.filter((sample, i) => Math.abs(sample) > LOUD_ENOUGH && sample * quiet[i]! < 0).length,
    peakDbfs: 20 * Math.log10(Math.max(...Array.from(loud, Math.abs)) / FULL_SCALE),
  };
}

function mixOf({ tracks, hz, dbfs }: Tones): Int16Array {
  const sound = tone(hz, RATE_HZ, RATE_HZ * SECONDS, 10 ** (dbfs / 20));
  return mixed(Array.from({ length: tracks }, () => sound)).mix;
}
