import { specKit } from '../spec-kit.mjs';
import { mixed } from './mixed.mjs';

const RATE_HZ = 48_000;
const SECONDS = 2;
const FULL_SCALE = 32_767;
const QUIET_DB = -40;
/** Below it, the rounding of the quiet copy decides the sign. */
const LOUD_ENOUGH = FULL_SCALE / 8;

const LOUD = {
  eightTracks: { tracks: 8, hz: 200, dbfs: -1 },
  stereoPair: { tracks: 1, hz: 997, dbfs: -0.1 },
};

/** The loudest that can come: eight in phase near full scale, and one that is louder still, the same on both channels. */
export async function measureClipping() {
  return { eightTracks: await mixOf(LOUD.eightTracks), stereoPair: await mixOf(LOUD.stereoPair) };
}

/** A quiet copy tells on which side of zero each sample lies. */
async function mixOf({ tracks, hz, dbfs }) {
  const { heard } = await tonesMixed(tracks, hz, dbfs);
  const { heard: quiet } = await tonesMixed(tracks, hz, dbfs + QUIET_DB);
  return {
    wrappedSamples: heard.filter((sample, i) => Math.abs(sample) > LOUD_ENOUGH && sample * quiet[i] < 0).length,
    peakDbfs: 20 * Math.log10(Math.max(...Array.from(heard, Math.abs)) / FULL_SCALE),
  };
}

async function tonesMixed(tracks, hz, dbfs) {
  const { tone } = await specKit('libs/audio/tone.spec-kit.ts');
  const sound = tone(hz, RATE_HZ, RATE_HZ * SECONDS, 10 ** (dbfs / 20));
  return mixed(Array.from({ length: tracks }, () => sound));
}
