import { measureClipping } from '../sound/clipping.mjs';
import { measureDrift } from '../sound/drift.mjs';
import { measureJitter } from '../sound/jitter.mjs';
import { measureResampling } from '../sound/resampling.mjs';
import { measureTransparency } from '../sound/transparency.mjs';

/** What the way of sound does to it, and what it makes of a bad network, in simulated time: the same in every run. */
export async function measureSound(say) {
  say('sound');
  return {
    resampling: await measureResampling(),
    transparency: await measureTransparency(),
    jitter: await measureJitter(),
    drift: await measureDrift(),
    clipping: await measureClipping(),
  };
}
