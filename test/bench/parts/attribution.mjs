import { built } from '../built.mjs';

const SEEDS = 12;

/**
 * Who spoke: the words of generated conversations under the names that they get, by condition. The same as
 * test/medium/attribution.spec.ts, on more words.
 */
export async function measureAttribution(say) {
  say('attribution');
  const { loadRecordings } = await built('libs/sandbox/recordings/catalogue.js');
  const { attributionUnderTest } = await built('test/talk/attribution-under-test.js');
  const { CONDITIONS } = await built('test/talk/conditions.js');
  const { scoreAttribution } = await built('test/talk/score-attribution.js');
  const { total } = await built('test/talk/score.js');
  const { attribute } = await built('src/gladia/attribution/attribute.js');
  const { MixTimeline } = await built('src/mixer/mix-timeline.js');
  const { PauseDetector } = await built('src/mixer/pause-detector.js');
  const recordings = loadRecordings();
  const service = () =>
    attributionUnderTest({ timeline: new MixTimeline(), newDetector: () => new PauseDetector(), attribute });
  const conditions = CONDITIONS.map((condition) => ({
    name: condition.name,
    ...total(Array.from({ length: SEEDS }, (_, seed) => scoreAttribution(condition, seed + 1, recordings, service()))),
  }));
  return { conditions };
}

const percent = (part, words) => (words === 0 ? '-' : ((100 * part) / words).toFixed(1));

/** One line a condition: how many words, and what share of them was right, nobody's and wrong. */
export function attributionTable({ conditions }) {
  const cells = ({ words, right, nobody, wrong }) =>
    [words, percent(right, words), percent(nobody, words), percent(wrong, words)].map((cell) => String(cell));
  const rows = conditions.map(({ name, alone, overlapped }) => [name, ...cells(alone), ...cells(overlapped)]);
  const head = ['condition', 'alone', 'right %', 'null %', 'wrong %', 'overlapped', 'right %', 'null %', 'wrong %'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
