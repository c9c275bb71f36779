import { fineHz, FrontEnd } from './front-end.js';
import type { HeardWord } from './heard-word.js';
import { History } from './history.js';
import type { KnownSentence, Lexicon } from './lexicon.js';
import { Occurrence } from './occurrence.js';
import { SentenceSearch, type Sighting } from './sentence-search.js';
import { Suspect } from './suspect.js';

const historySeconds = 6;
const sightingScore = 0.4;
const sameMs = 12;
const repeatMs = 150;

/** From 16 kHz sound to verified words: search, proof, then word by word. */
export class WordListener {
  readonly #frontEnd: FrontEnd;
  readonly #fine = new History(historySeconds * fineHz);
  readonly #coarse = new History((historySeconds * fineHz) / 2);
  readonly #searches: readonly SentenceSearch[];
  #suspects: Suspect[] = [];
  #occurrences: Occurrence[] = [];
  #recent: HeardWord[] = [];

  constructor(private readonly lexicon: Lexicon) {
    this.#frontEnd = new FrontEnd(lexicon.predictors);
    this.#searches = [lexicon.openings, lexicon.middles].map((bank) => new SentenceSearch(bank, sightingScore));
  }

  /** Takes the next block, a multiple of four samples; the words come in the order in which they are decided. */
  write(block: ArrayLike<number>): HeardWord[] {
    const { fine, coarse } = this.#frontEnd.write(block);
    this.#fine.write(fine);
    this.#coarse.write(coarse);
    for (const search of this.#searches) for (const sighting of search.look(this.#coarse)) this.#suspect(sighting);
    this.#examine();
    return this.#hear();
  }

  #suspect(sighting: Sighting): void {
    const suspect = new Suspect(this.lexicon.sentences[sighting.sentence]!, sighting);
    const isSame = (other: { sentence: KnownSentence; start: number }): boolean =>
      other.sentence === suspect.sentence && Math.abs(other.start - suspect.start) < (sameMs * fineHz) / 1000;
    if (this.#occurrences.some(isSame)) return;
    if (this.#suspects.some((other) => isSame(other) && other.score >= suspect.score)) return;
    this.#suspects = [...this.#suspects.filter((other) => !isSame(other)), suspect];
  }

  #examine(): void {
    this.#suspects = this.#suspects.filter((suspect) => {
      const verdict = suspect.examine(this.#fine);
      if (verdict === 'proven') this.#occurrences.push(new Occurrence(suspect.sentence, suspect.start));
      return verdict === 'open';
    });
  }

  #hear(): HeardWord[] {
    if (this.#occurrences.length === 0) return [];
    const heard = this.#occurrences.flatMap((occurrence) => occurrence.hear(this.#fine)).filter((w) => this.#isNew(w));
    const horizon = this.#fine.end - (historySeconds - 1) * fineHz;
    this.#occurrences = this.#occurrences.filter((o) => !o.isOver || o.start + o.sentence.fine.length > horizon);
    return heard.sort((a, b) => a.startMs - b.startMs);
  }

  /** The same word a few milliseconds away is the same word, found again after the sound had jumped. */
  #isNew(word: HeardWord): boolean {
    const isRepeat = this.#recent.some(
      (other) =>
        other.recordingId === word.recordingId &&
        other.text === word.text &&
        Math.abs(other.startMs - word.startMs) < repeatMs,
    );
    if (!isRepeat) this.#recent = [...this.#recent.slice(-40), word];
    return !isRepeat;
  }
}
