import type { TranscriptMessage } from './messages.js';

/**
 * One stretch of speech by one speaker: the newest transcript message of its `segmentId`, with what other messages said
 * about it. Times are milliseconds of the session clock. A segment is replaced, never changed: compare by reference.
 */
export interface Segment extends TranscriptMessage {
  /** Its text in other languages, by language code. */
  readonly translations: Readonly<Record<string, string>>;
  /** Its words were taken back or erased: `text` is empty, and nothing is to be shown. */
  readonly retracted: boolean;
}

/** The segment after one more transcript message; the same segment where that message is not newer. */
export function segmentAfter(known: Segment | undefined, message: TranscriptMessage): Segment {
  if (known && (known.final || known.retracted || (!message.final && message.revision <= known.revision))) return known;
  return {
    ...message,
    translations: known?.translations ?? {},
    retracted: message.final && message.text === '',
  };
}

/** The segment without its words. */
export function erased({ words: _words, ...segment }: Segment): Segment {
  return { ...segment, text: '', translations: {}, final: true, retracted: true };
}

/**
 * What a reader of `language` is shown: the translation where there is one, else the original words.
 *
 * @param language such as `fr` or `fr-CA`; undefined: the original
 */
export function textOf(segment: Segment, language?: string): { readonly language: string; readonly text: string } {
  const { language: spoken, text, translations } = segment;
  if (!language || language === spoken) return { language: spoken, text };
  const wanted = translations[language] === undefined ? language.replace(/-.*/, '') : language;
  const translated = translations[wanted];
  return translated ? { language: wanted, text: translated } : { language: spoken, text };
}
