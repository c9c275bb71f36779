import { fineHz, FrontEnd } from './front-end.js';
import type { RecognisedWord } from './occurrence.js';
import { History } from './history.js';
import type { KnownSentence, Lexicon } from './lexicon.js';
import { Occurrence } from './occurrence.js';
import { SentenceSearch, type Match } from './sentence-search.js';
import { Candidate } from './candidate.js';

const historySeconds = 6;
const matchScore = 0.4;
const sameMs = 12;
const repeatMs = 150;

/** Finds the words of known sentences in 16 kHz sound: search for a sentence, proof of it, then word by word. */
export class WordListener {
  readonly #frontEnd: FrontEnd;
  readonly #fine = new History(historySeconds * fineHz);
  readonly #coarse = new History((historySeconds * fineHz) / 2);
  readonly #searches: readonly SentenceSearch[];
  #candidates: Candidate[] = [];
  #occurrences: Occurrence[] = [];
  #recent: RecognisedWord[] = [];

  constructor(private readonly lexicon: Lexicon) {
    this.#frontEnd = new FrontEnd(lexicon.predictors);
    this.#searches = [lexicon.openings, lexicon.middles].map((bank) => new SentenceSearch(bank, matchScore));
  }

  /** Takes the next block, a multiple of four samples; the words come in the order in which they are decided. */
  write(block: ArrayLike<number>): RecognisedWord[] {
    const { fine, coarse } = this.#frontEnd.write(block);
    this.#fine.write(fine);
    this.#coarse.write(coarse);
    for (const search of this.#searches) for (const match of search.search(this.#coarse)) this.#addCandidate(match);
    this.#examine();
    return this.#newWords();
  }

  #addCandidate(match: Match): void {
    const candidate = new Candidate(this.lexicon.sentences[match.sentence]!, match);
    const isSame = (other: { sentence: KnownSentence; start: number }): boolean =>
      other.sentence === candidate.sentence && Math.abs(other.start - candidate.start) < (sameMs * fineHz) / 1000;
    if (this.#occurrences.some(isSame)) return;
    if (this.#candidates.some((other) => isSame(other) && other.score >= candidate.score)) return;
    this.#candidates = [...this.#candidates.filter((other) => !isSame(other)), candidate];
  }

  #examine(): void {
    this.#candidates = this.#candidates.filter((candidate) => {
      const verdict = candidate.examine(this.#fine);
      if (verdict === 'proven') this.#occurrences.push(new Occurrence(candidate.sentence, candidate.start));
      return verdict === 'open';
    });
  }

  #newWords(): RecognisedWord[] {
    if (this.#occurrences.length === 0) return [];
    const words = this.#occurrences
      .flatMap((occurrence) => occurrence.verifyWords(this.#fine))
      .filter((w) => this.#isNew(w));
    const horizon = this.#fine.end - (historySeconds - 1) * fineHz;
    this.#occurrences = this.#occurrences.filter((o) => !o.isOver || o.start + o.sentence.fine.length > horizon);
    return words.sort((a, b) => a.startMs - b.startMs);
  }

  /** The same word a few milliseconds away is the same word, found again after the sound had jumped. */
  #isNew(word: RecognisedWord): boolean {
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
