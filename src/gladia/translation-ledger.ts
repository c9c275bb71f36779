import { isMostlyWithin, type SpokenSpan } from './same-speech.js';
import type { HeardUtterance } from './session-clock.js';
import type { Translation } from './speech-to-text.js';

interface FinalUtterance {
  readonly id: string;
  readonly session: number;
  readonly span: SpokenSpan;
}

interface HeardTranslation {
  readonly language: string;
  readonly translated: HeardUtterance;
}

/**
 * Brings each translation to the utterance that it is one of: once in each language, never before its final, and never to
 * one that was dropped. Translations may come early, late, twice, or only with the result.
 */
export class TranslationLedger {
  readonly #finals = new Map<string, FinalUtterance>();
  readonly #early = new Map<string, HeardTranslation[]>();
  readonly #told = new Set<string>();

  constructor(private readonly emit: (translation: Translation) => void) {}

  /** An utterance is final. `key` is the engine's own name of it. */
  finished(session: number, key: string, id: string, span: SpokenSpan): void {
    this.#finals.set(key, { id, session, span });
    for (const early of this.#early.get(key) ?? []) this.#tell(id, early);
    this.#early.delete(key);
  }

  /** An utterance was heard before and dropped: what comes for it is dropped, too. */
  dropped(key: string): void {
    this.#early.delete(key);
  }

  hear(key: string, translation: HeardTranslation): void {
    const final = this.#finals.get(key);
    if (final !== undefined) this.#tell(final.id, translation);
    else this.#early.set(key, [...(this.#early.get(key) ?? []), translation].slice(-MOST_EARLY));
  }

  /** Whether every final was told in each of these languages. */
  hasAll(languages: readonly string[]): boolean {
    return [...this.#finals.values()].every(({ id }) =>
      languages.every((language) => this.#told.has(`${id}/${language}`)),
    );
  }

  /** A translation of the session's result, which names no utterance: its time does. */
  recover(session: number, translation: HeardTranslation): void {
    for (const final of this.#finals.values()) {
      if (final.session !== session || !isMostlyWithin(final.span, translation.translated)) continue;
      this.#tell(final.id, translation);
      return;
    }
  }

  #tell(utteranceId: string, { language, translated }: HeardTranslation): void {
    const once = `${utteranceId}/${language}`;
    if (translated.text === '' || this.#told.has(once)) return;
    this.#told.add(once);
    this.emit({ utteranceId, language, text: translated.text, words: translated.words });
  }
}

/** As many as there are languages, about; a server gone mad cannot fill the memory. */
const MOST_EARLY = 32;
