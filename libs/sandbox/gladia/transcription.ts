import type { GladiaUtterance } from './messages.js';

/** The `transcription` of a result and of `post_transcript`. */
export function transcriptionOf(utterances: readonly GladiaUtterance[]): object {
  const ordered = [...utterances].sort((a, b) => a.start - b.start);
  return {
    full_transcript: ordered.map((utterance) => utterance.text.trim()).join(' '),
    languages: [...new Set(ordered.map((utterance) => utterance.language))],
    utterances: ordered,
  };
}
