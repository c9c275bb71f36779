import type { GladiaUtterance, OutgoingMessage } from './messages.js';
import type { AddonMode } from './options.js';
import type { SessionRequest } from './session-request.js';

/** What every translated word begins with, so that a test can tell what was translated into what: `fr·hello`. */
const translatedWord = (language: string, word: string): string => {
  const lead = word.startsWith(' ') ? ' ' : '';
  return `${lead}${language}·${word.trim()}`;
};

/** An utterance in another language: the same words at the same times, marked. */
export function translated(utterance: GladiaUtterance, language: string): GladiaUtterance {
  const text = utterance.text.replace(/\S+/g, (word) => translatedWord(language, word));
  const words = utterance.words?.map((word) => ({ ...word, word: translatedWord(language, word.word) }));
  return { ...utterance, text, language, ...(words && { words }) };
}

/** Words with a capital letter that do not begin the utterance. */
export function entitiesOf({ words = [] }: GladiaUtterance): object[] {
  return words
    .slice(1)
    .filter(({ word }) => /^\p{Lu}/u.test(word.trim()))
    .map(({ word, start, end }) => ({ entity_type: 'NAME', text: word.trim().replace(/\P{L}+$/u, ''), start, end }));
}

export const sentimentOf = ({ text, start, end, channel }: GladiaUtterance): object => ({
  sentiment: text.includes('!') ? 'positive' : 'neutral',
  emotion: 'neutral',
  text: text.trim(),
  start,
  end,
  channel,
});

/** Says how many utterances there were and how the first began, in the style that was asked for. */
export function summaryOf({ post_processing: wanted }: SessionRequest, utterances: readonly GladiaUtterance[]): string {
  const type = wanted.summarization_config?.type ?? 'general';
  return `${type} summary of ${utterances.length}: ${utterances[0]?.text.trim() ?? ''}`;
}

/** What follows the final of an utterance, of all that was asked for. */
export function addonMessages(
  { realtime_processing: wanted }: SessionRequest,
  mode: AddonMode,
  id: string,
  utterance: GladiaUtterance,
): OutgoingMessage[] {
  if (mode === 'never') return [];
  const message = (type: string, data: object): OutgoingMessage => ({
    flag: 'receive_realtime_processing_events',
    type,
    error: mode === 'failed' ? { message: 'The add-on failed' } : null,
    data: mode === 'failed' ? null : { utterance_id: id, utterance, ...data },
  });
  const languages = wanted.translation ? (wanted.translation_config?.target_languages ?? []) : [];
  return [
    ...languages.map((language) =>
      message('translation', {
        original_language: utterance.language,
        target_language: language,
        translated_utterance: translated(utterance, language),
      }),
    ),
    ...(wanted.named_entity_recognition
      ? [message('named_entity_recognition', { results: entitiesOf(utterance) })]
      : []),
    ...(wanted.sentiment_analysis ? [message('sentiment_analysis', { results: [sentimentOf(utterance)] })] : []),
  ];
}
