import { BoundedMap } from '../../collections/bounded-map.js';
import { isMostlyWithin, type SpokenSpan } from './span-overlap.js';
import type { TimedUtterance } from './session-clock.js';
import type { Translation } from '../../transcription/speech-to-text.js';
import { MAX_EMITTED_SPANS } from './emitted-spans.js';

interface FinalUtterance {
  readonly id: string;
  readonly session: number;
  readonly span: SpokenSpan;
  /** The languages in which it was told. */
  readonly told: string[];
}

interface HeardTranslation {
  readonly language: string;
  readonly translated: TimedUtterance;
}

/** As many as there are languages, about; a server gone mad cannot fill the memory. */
const MOST_EARLY = 32;

/** Utterances whose translations may come before their finals. */
const MOST_AWAITED = 100;

/**
 * Brings each translation to the utterance that it is one of: once in each language, never before its final, and never to
 * one that was dropped. Translations may come early, late, twice, or only with the result.
 */
export class TranslationTracker {
  readonly #finals = new BoundedMap<string, FinalUtterance>(MAX_EMITTED_SPANS);
  readonly #early = new BoundedMap<string, HeardTranslation[]>(MOST_AWAITED);

  constructor(private readonly emit: (translation: Translation) => void) {}

  /** An utterance is final. `key` is the engine's own name of it. */
  finished(session: number, key: string, id: string, span: SpokenSpan): void {
    const final: FinalUtterance = { id, session, span, told: [] };
    this.#finals.set(key, final);
    for (const early of this.#early.get(key) ?? []) this.#tell(final, early);
    this.#early.delete(key);
  }

  /** An utterance was heard before and dropped: what comes for it is dropped, too. */
  dropped(key: string): void {
    this.#early.delete(key);
  }

  receive(key: string, translation: HeardTranslation): void {
    const final = this.#finals.get(key);
    if (final !== undefined) this.#tell(final, translation);
    else this.#early.set(key, [...(this.#early.get(key) ?? []), translation].slice(-MOST_EARLY));
  }

  /** Whether every final was told in each of these languages. */
  hasAll(languages: readonly string[]): boolean {
    return [...this.#finals.values()].every(({ told }) => languages.every((language) => told.includes(language)));
  }

  /** A translation of the session's result, which names no utterance: its time does. */
  recover(session: number, translation: HeardTranslation): void {
    for (const final of this.#finals.values()) {
      if (final.session !== session || !isMostlyWithin(final.span, translation.translated)) continue;
      this.#tell(final, translation);
      return;
    }
  }

  /** No translation will come any more of what was said before this moment. */
  forgetBefore(ms: number): void {
    for (const [key, { span }] of this.#finals) if (span.endMs < ms) this.#finals.delete(key);
  }

  #tell({ id: utteranceId, told }: FinalUtterance, { language, translated }: HeardTranslation): void {
    if (translated.text === '' || told.includes(language)) return;
    told.push(language);
    this.emit({ utteranceId, language, text: translated.text, words: translated.words });
  }
}
