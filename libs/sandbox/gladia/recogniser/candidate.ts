import { bestFit } from './correlation.js';
import { coarseHz, fineHz } from './front-end.js';
import type { History } from './history.js';
import type { KnownSentence } from './lexicon.js';
import type { Match } from './sentence-search.js';

const stretchSamples = 1.2 * fineHz;
const retrySamples = 0.1 * fineHz;
const reach = 8;

/** How well a stretch must fit, by its length: voices share pitch and vowels, so a short one proves less. */
function enough(samples: number): number {
  if (samples >= 1.0 * fineHz) return 0.42;
  if (samples >= 0.6 * fineHz) return 0.52;
  return 0.72;
}

export type Verdict = 'proven' | 'open' | 'refuted';

/** A match that is not proven yet: it is measured again, over a longer stretch, as more sound comes. */
export class Candidate {
  /** Fine samples of the stream at which the sentence began. */
  start: number;
  readonly score: number;
  #measureAt = 0;

  constructor(
    readonly sentence: KnownSentence,
    match: Match,
  ) {
    this.score = match.score;
    this.start = (match.start * fineHz) / coarseHz;
  }

  examine(stream: History): Verdict {
    if (stream.end < this.#measureAt) return 'open';
    this.#measureAt = stream.end + retrySamples;
    const { fine } = this.sentence;
    const to = Math.min(fine.length, stream.end - this.start - reach - 1);
    const from = Math.max(0, reach - this.start, to - stretchSamples);
    const sound = stream.span(this.start + from - reach, this.start + to + reach + 1);
    if (!sound) return 'refuted';
    const fit = bestFit(fine.subarray(from, to), sound, reach, -reach, reach);
    if (fit.score >= enough(to - from)) {
      this.start += fit.lag;
      return 'proven';
    }
    const isOver = to === fine.length || to - from >= stretchSamples;
    return isOver ? 'refuted' : 'open';
  }
}
