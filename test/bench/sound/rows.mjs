/** @typedef {import('../report.mjs').Row} Row */

/** @returns {Row[]} */
export const soundRows = ({ resampling, transparency, jitter, drift, clipping }) => [
  ...resamplingRows(resampling),
  ...transparencyRows(transparency),
  ...jitterRows(jitter),
  ...driftRows(drift),
  ...clippingRows('eight tracks at -1 dBFS', clipping.eightTracks),
  ...clippingRows('one track, L = R at -0.1 dBFS', clipping.stereoPair),
];

const resamplingRows = ({ rippleDb, worstAliasDb, thdNoiseDb, delayMs, worstOtherThdNoiseDb }) => [
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

const transparencyRows = ({ gainDb, snrDb }) => [
  { name: 'one speaker through the mix, gain', value: gainDb, digits: 3, unit: ' dB', target: '0 dB' },
  { name: 'one speaker, SNR (∞: bit for bit)', value: snrDb, digits: 1, unit: ' dB', target: '>= 85 dB' },
];

const jitterRows = ({ jitter, stalls, calm }) => [
  ...unevenRows('jitter of 200 ± 100 ms', jitter),
  ...unevenRows('then stalls of 500 ms, 1 %', stalls),
  ...unevenRows('then neither', calm),
];

const unevenRows = (name, { underruns, delayMs, addedMs }) => [
  { name: `${name}: under-runs once settled`, value: underruns, target: '0' },
  { name: `${name}: spoken to heard`, value: delayMs, unit: ' ms', target: `<= ${delayMs - addedMs + 60} ms` },
];

const driftRows = ({ hours, worstThdNoiseDb }) => [
  ...hours.flatMap(({ ppm, pauses, rangeMs, corrections }) => {
    const name = `an hour at ${ppm} ppm, ${pauses ? 'pauses' : 'no pause'}`;
    return [
      { name: `${name}: range of the queue`, value: rangeMs, unit: ' ms', target: '<= 120 ms (± 60)' },
      { name: `${name}: corrections`, value: corrections },
    ];
  }),
  ...distortionRows({
    '200 and 1,000 Hz': worstThdNoiseDb.even,
    '117 to 983 Hz, no whole samples a period': worstThdNoiseDb.uneven,
    '83 Hz': worstThdNoiseDb.deep,
    'vowels of 83 to 217 Hz': worstThdNoiseDb.vowels,
  }),
];

const distortionRows = (worstDb) =>
  Object.entries(worstDb).map(([tones, value]) => ({
    name: `THD+N around corrections, ${tones}`,
    value,
    digits: 1,
    unit: ' dB',
    target: '<= -60 dB',
  }));

const clippingRows = (name, { wrappedSamples, peakDbfs }) => [
  { name: `${name}: wrapped samples`, value: wrappedSamples, target: '0' },
  { name: `${name}: peak`, value: peakDbfs, digits: 2, unit: ' dBFS' },
];
