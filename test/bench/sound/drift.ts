import { correctionDistortionsDb, DriftingTrack } from '../../../src/mixer/drifting-track.spec-kit.js';
import { humming } from '../../../src/mixer/sound.spec-kit.js';
import { percentile } from '../statistics.js';

const DRIFTS_PPM = [200, -200];
const STEPS_A_SECOND = 50;
const HOUR = 3_600 * STEPS_A_SECOND;
const TEN_MINUTES = 600 * STEPS_A_SECOND;
const SETTLED = STEPS_A_SECOND;
/** Distortion is measured over three frames, in which each tone has so many whole periods. */
const THREE_FRAMES_S = 0.06;
const UNEVEN_PERIODS = [7, 11, 19, 29, 41, 59];

const HARMONICS = 16;

const tone = (periods: number) => ({ hz: periods / THREE_FRAMES_S, harmonics: 1 });
const vowel = (periods: number) => ({ hz: periods / THREE_FRAMES_S, harmonics: HARMONICS });

/** By how well the shift of a correction fits them: whole periods are whole samples, or are not, or are long. */
const SOUNDS = {
  even: [12, 60].map(tone),
  uneven: UNEVEN_PERIODS.map(tone),
  deep: [tone(5)],
  vowels: [5, 7, 13].map(vowel),
};
type Kind = keyof typeof SOUNDS;

interface Distortion {
  readonly kind: Kind;
  readonly hz: number;
  readonly harmonics: number;
  readonly ppm: number;
  readonly corrections: number;
  readonly thdNoiseDb: number | null;
}

export type DriftFigures = ReturnType<typeof measureDrift>;

/** A sender whose clock is 200 ppm too fast or too slow, for an hour, with and without pauses. */
export function measureDrift() {
  const hours = DRIFTS_PPM.flatMap((ppm) =>
    [true, false].map((pauses) => ({ ppm, pauses, ...anHour(new DriftingTrack(humming(pauses), ppm)) })),
  );
  const distortions = (Object.keys(SOUNDS) as Kind[]).flatMap(distortionsOf);
  return {
    hours,
    distortions,
    worstThdNoiseDb: {
      even: worstOf(distortions, 'even'),
      uneven: worstOf(distortions, 'uneven'),
      deep: worstOf(distortions, 'deep'),
      vowels: worstOf(distortions, 'vowels'),
    },
  };
}

function anHour(track: DriftingTrack) {
  track.run(SETTLED);
  const { leastDepthMs, greatestDepthMs, corrections } = track.run(HOUR - SETTLED);
  const { underruns } = track.buffer.counters;
  return { leastDepthMs, greatestDepthMs, rangeMs: greatestDepthMs - leastDepthMs, corrections, underruns };
}

const distortionsOf = (kind: Kind): Distortion[] =>
  SOUNDS[kind].flatMap((sound) =>
    DRIFTS_PPM.map((ppm) => {
      const distortionsDb = correctionDistortionsDb(sound, ppm, TEN_MINUTES);
      return { kind, ...sound, ppm, corrections: distortionsDb.length, thdNoiseDb: percentile(distortionsDb, 100) };
    }),
  );

/** Null of a kind of sounds that never had to be corrected. */
function worstOf(distortions: readonly Distortion[], kind: Kind): number | null {
  const found = distortions.filter((each) => each.kind === kind).map(({ thdNoiseDb }) => thdNoiseDb);
  return percentile(
    found.filter((thdNoiseDb) => thdNoiseDb !== null),
    100,
  );
}
