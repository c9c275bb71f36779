import { loadRecordings } from '../../../libs/sandbox/recordings/catalogue.js';
import { attributionUnderTest } from '../../talk/attribution-under-test.js';
import { CONDITIONS } from '../../talk/conditions.js';
import { scoreAttribution } from '../../talk/score-attribution.js';
import { total, type Score, type Tally } from '../../talk/score.js';
import { attribute } from '../../../src/transcription/attribution/attribute.js';
import { MixTimeline } from '../../../src/mixer/mix-timeline.js';
import { PauseDetector } from '../../../src/mixer/pause-detector.js';
import type { Progress } from './service-run.js';

const SEEDS = 12;

export interface AttributionFigures {
  readonly conditions: readonly (Score & { readonly name: string })[];
}

/**
 * Who spoke: the words of generated conversations under the names that they get, by condition. The same as
 * test/medium/attribution.spec.ts, on more words.
 */
export function measureAttribution(progress: Progress): AttributionFigures {
  progress('attribution');
  const recordings = loadRecordings();
  const service = () =>
    attributionUnderTest({ timeline: new MixTimeline(), newDetector: () => new PauseDetector(), attribute });
  const conditions = CONDITIONS.map((condition) => ({
    name: condition.name,
    ...total(Array.from({ length: SEEDS }, (_, seed) => scoreAttribution(condition, seed + 1, recordings, service()))),
  }));
  return { conditions };
}

const percent = (part: number, words: number): string => (words === 0 ? '-' : ((100 * part) / words).toFixed(1));

/** One line a condition: how many words, and what share of them was right, nobody's and wrong. */
export function attributionTable({ conditions }: AttributionFigures): string {
  const cells = ({ words, right, nobody, wrong }: Tally): string[] => [
    String(words),
    ...[right, nobody, wrong].map((part) => percent(part, words)),
  ];
  const rows = conditions.map(({ name, alone, overlapped }) => [name, ...cells(alone), ...cells(overlapped)]);
  const head = ['condition', 'alone', 'right %', 'null %', 'wrong %', 'overlapped', 'right %', 'null %', 'wrong %'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
