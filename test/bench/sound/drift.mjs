import { specKit } from '../spec-kit.mjs';
import { percentile } from '../statistics.mjs';

const DRIFTS_PPM = [200, -200];
const STEPS_A_SECOND = 50;
const HOUR = 3_600 * STEPS_A_SECOND;
const TEN_MINUTES = 600 * STEPS_A_SECOND;
const SETTLED = STEPS_A_SECOND;
/** Distortion is measured over three frames, in which each tone has so many whole periods. */
const THREE_FRAMES_S = 0.06;
const UNEVEN_PERIODS = [7, 11, 19, 29, 41, 59];

const HARMONICS = 16;

const tone = (periods) => ({ hz: periods / THREE_FRAMES_S, harmonics: 1 });
const vowel = (periods) => ({ hz: periods / THREE_FRAMES_S, harmonics: HARMONICS });

/** By how the shift of a correction suits them: whole periods are whole samples, or are not, or are long. */
const SOUNDS = {
  even: [12, 60].map(tone),
  uneven: UNEVEN_PERIODS.map(tone),
  deep: [tone(5)],
  vowels: [5, 7, 13].map(vowel),
};

/** A sender whose clock is 200 ppm too fast or too slow, for an hour, with and without pauses. */
export async function measureDrift() {
  const { correctionDistortionsDb, DriftingTrack } = await specKit('src/mixer/drifting-track.spec-kit.ts');
  const { humming } = await specKit('src/mixer/sound.spec-kit.ts');
  const hours = DRIFTS_PPM.flatMap((ppm) =>
    [true, false].map((pauses) => ({ ppm, pauses, ...anHour(new DriftingTrack(humming(pauses), ppm)) })),
  );
  const distortions = Object.entries(SOUNDS).flatMap(([kind, sounds]) =>
    sounds.flatMap((sound) =>
      DRIFTS_PPM.map((ppm) => {
        const distortionsDb = correctionDistortionsDb(sound, ppm, TEN_MINUTES);
        return { kind, ...sound, ppm, corrections: distortionsDb.length, thdNoiseDb: percentile(distortionsDb, 100) };
      }),
    ),
  );
  return { hours, distortions, worstThdNoiseDb: worstByKind(distortions) };
}

function anHour(track) {
  track.run(SETTLED);
  const { leastDepthMs, greatestDepthMs, corrections } = track.run(HOUR - SETTLED);
  const { underruns } = track.buffer.counters;
  return { leastDepthMs, greatestDepthMs, rangeMs: greatestDepthMs - leastDepthMs, corrections, underruns };
}

/** Null of a kind of sounds that never had to be corrected. */
const worstByKind = (distortions) =>
  Object.fromEntries(Object.keys(SOUNDS).map((kind) => [kind, worstOf(distortions, kind)]));

const worstOf = (distortions, kind) =>
  percentile(
    distortions.filter((each) => each.kind === kind && each.corrections > 0).map(({ thdNoiseDb }) => thdNoiseDb),
    100,
  );
