import type { SoundFigures } from '../parts/sound.js';
import type { Row } from '../report.js';
import type { ClippingFigures } from './clipping.js';
import type { DriftFigures } from './drift.js';
import type { JitterFigures, WorstPhase } from './jitter.js';
import type { ResamplingFigures } from './resampling.js';
import type { TransparencyFigures } from './transparency.js';

export const soundRows = ({ resampling, transparency, jitter, drift, clipping }: SoundFigures): Row[] => [
  ...resamplingRows(resampling),
  ...transparencyRows(transparency),
  ...jitterRows(jitter),
  ...driftRows(drift),
  ...clippingRows('eight tracks at -1 dBFS', clipping.eightTracks),
  ...clippingRows('one track, L = R at -0.1 dBFS', clipping.stereoPair),
];

const resamplingRows = (figures: ResamplingFigures): Row[] => {
  const { rippleDb, worstAliasDb, thdNoiseDb, delayMs, worstOtherThdNoiseDb } = figures;
  return [
    { name: 'resampler, ripple to 7 kHz', value: rippleDb, digits: 4, unit: ' dB', target: '<= 0.05 dB' },
    {
      name: 'resampler, worst alias of 8.5 to 23 kHz',
      value: worstAliasDb,
      digits: 1,
      unit: ' dB',
      target: '<= -75 dB',
    },
    { name: 'resampler, THD+N of 1 kHz', value: thdNoiseDb, digits: 1, unit: ' dB', target: '<= -95 dB' },
    { name: 'the same, worst other rate', value: worstOtherThdNoiseDb, digits: 1, unit: ' dB', target: '<= -95 dB' },
    { name: 'resampler, delay', value: delayMs, digits: 2, unit: ' ms', target: '<= 2 ms' },
  ];
};

const transparencyRows = ({ gainDb, snrDb }: TransparencyFigures): Row[] => [
  { name: 'one speaker through the mix, gain', value: gainDb, digits: 3, unit: ' dB', target: '0 dB' },
  { name: 'one speaker, SNR (∞: bit for bit)', value: snrDb, digits: 1, unit: ' dB', target: '>= 85 dB' },
];

const jitterRows = ({ jitter, stalls, calm }: JitterFigures): Row[] => [
  ...unevenRows('jitter of 200 ± 100 ms', jitter),
  ...unevenRows('then stalls of 500 ms, 1 %', stalls),
  ...unevenRows('then neither', calm),
];

const unevenRows = (name: string, { underruns, delayMs, addedMs }: WorstPhase): Row[] => [
  { name: `${name}: under-runs once settled`, value: underruns, target: '0' },
  { name: `${name}: mouth to mix`, value: delayMs, unit: ' ms', target: `<= ${delayMs - addedMs + 60} ms` },
];

const driftRows = ({ hours, worstThdNoiseDb }: DriftFigures): Row[] => [
  ...hours.flatMap(({ ppm, pauses, rangeMs, corrections }) => {
    const name = `an hour at ${ppm} ppm, ${pauses ? 'pauses' : 'no pause'}`;
    return [
      { name: `${name}: range of the queue`, value: rangeMs, unit: ' ms', target: '<= 120 ms (± 60)' },
      { name: `${name}: corrections`, value: corrections },
    ];
  }),
  distortionRow('200 and 1,000 Hz', worstThdNoiseDb.even),
  distortionRow('117 to 983 Hz, no whole samples a period', worstThdNoiseDb.uneven),
  distortionRow('83 Hz', worstThdNoiseDb.deep),
  distortionRow('vowels of 83 to 217 Hz', worstThdNoiseDb.vowels),
];

const distortionRow = (tones: string, value: number | null): Row => ({
  name: `THD+N around corrections, ${tones}`,
  value,
  digits: 1,
  unit: ' dB',
  target: '<= -60 dB',
});

const clippingRows = (name: string, { wrappedSamples, peakDbfs }: ClippingFigures): Row[] => [
  { name: `${name}: wrapped samples`, value: wrappedSamples, target: '0' },
  { name: `${name}: peak`, value: peakDbfs, digits: 2, unit: ' dBFS' },
];
