import { BoundedMap } from '../../collections/bounded-map.js';
import type { Translation } from '../../transcription/speech-to-text.js';
import { isMostlyWithin, MAX_EMITTED_SPANS, type SpokenSpan } from './emitted-spans.js';
import type { TimedUtterance } from './engine-clock.js';

interface FinalUtterance {
  readonly id: string;
  readonly session: number;
  readonly span: SpokenSpan;
  /** The languages of the translations that were emitted. */
  readonly languages: string[];
}

/** A translation on the session clock, before it is matched to an utterance. */
export interface TimedTranslation {
  readonly language: string;
  readonly translated: TimedUtterance;
}

/** Translations that are kept for an utterance before its final: about one for each language that there is. */
const MAX_EARLY = 32;

/** Utterances whose translations may come before their finals. */
const MAX_AWAITED = 100;

/**
 * Matches translations to utterances: each language is emitted once, after the final of its utterance, and never for an
 * utterance that was dropped. Translations may come early, late, twice, or only with the session's result.
 */
export class TranslationTracker {
  readonly #finals = new BoundedMap<string, FinalUtterance>(MAX_EMITTED_SPANS);
  /** By key: translations whose final has not come. */
  readonly #early = new BoundedMap<string, TimedTranslation[]>(MAX_AWAITED);

  constructor(private readonly emit: (translation: Translation) => void) {}

  /**
   * An utterance is final.
   * @param key the engine's name of it, see `keyOf`
   * @param id our id of it
   */
  addFinal(session: number, key: string, id: string, span: SpokenSpan): void {
    const final: FinalUtterance = { id, session, span, languages: [] };
    this.#finals.set(key, final);
    for (const early of this.#early.get(key) ?? []) this.#emit(final, early);
    this.#early.delete(key);
  }

  /** An utterance was dropped as a repetition, and its translations with it. */
  dropUtterance(key: string): void {
    this.#early.delete(key);
  }

  /** A translation of the utterance with this key. */
  receive(key: string, translation: TimedTranslation): void {
    const final = this.#finals.get(key);
    if (final !== undefined) this.#emit(final, translation);
    else this.#early.set(key, [...(this.#early.get(key) ?? []), translation].slice(-MAX_EARLY));
  }

  /** Whether every final has a translation into each of these languages. */
  hasAll(expected: readonly string[]): boolean {
    return [...this.#finals.values()].every(({ languages }) => expected.every((each) => languages.includes(each)));
  }

  /** A translation of the session's result, which names no utterance: it is matched by its time. */
  recover(session: number, translation: TimedTranslation): void {
    for (const final of this.#finals.values()) {
      if (final.session !== session || !isMostlyWithin(final.span, translation.translated)) continue;
      this.#emit(final, translation);
      return;
    }
  }

  /** Forgets what was said before this session time: no translation of it will come. */
  forgetBefore(ms: number): void {
    for (const [key, { span }] of this.#finals) if (span.endMs < ms) this.#finals.delete(key);
  }

  #emit({ id: utteranceId, languages }: FinalUtterance, { language, translated }: TimedTranslation): void {
    if (translated.text === '' || languages.includes(language)) return;
    languages.push(language);
    this.emit({ utteranceId, language, text: translated.text, words: translated.words });
  }
}
