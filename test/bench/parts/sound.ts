import { measureClipping } from '../sound/clipping.js';
import { measureDrift } from '../sound/drift.js';
import { measureJitter } from '../sound/jitter.js';
import { measureResampling } from '../sound/resampling.js';
import { measureTransparency } from '../sound/transparency.js';
import type { Progress } from './service-run.js';

export type SoundFigures = ReturnType<typeof measureSound>;

/** What decoder, jitter buffer and mixer do to the sound, also on a bad network, in simulated time: the same in every run. */
export function measureSound(progress: Progress) {
  progress('sound');
  return {
    resampling: measureResampling(),
    transparency: measureTransparency(),
    jitter: measureJitter(),
    drift: measureDrift(),
    clipping: measureClipping(),
  };
}
