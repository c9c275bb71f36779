import type { SpeechWord } from '../speech-to-text.js';
import type { WordSpeaker } from './resolve-words.js';

/** Words of one utterance that one speaker said, or that cannot be told apart. */
export interface SpeakerPart {
  readonly speaker: WordSpeaker;
  readonly words: readonly SpeechWord[];
}

/** What somebody throws into another's sentence is no change of speaker: so much of it, in words and in time. */
const REMARK_WORDS = 2;
const REMARK_MS = 900;

interface OpenPart {
  speaker: WordSpeaker;
  readonly words: SpeechWord[];
  lastIndex: number;
}

/**
 * Parts an utterance where the speaker changes for good. Who goes on after a short remark of somebody else goes on in the
 * same part, and the remark is a part of its own: readers want whole sentences.
 */
export function splitBySpeaker(words: readonly SpeechWord[], speakers: readonly WordSpeaker[]): SpeakerPart[] {
  const parts: OpenPart[] = [];
  words.forEach((word, index) => {
    const speaker = speakers[index] ?? { trackSid: null, candidates: [] };
    const same = parts.findLast((part) => part.speaker.trackSid === speaker.trackSid);
    if (same === undefined || !goesOn(same, word, index)) {
      parts.push({ speaker, words: [word], lastIndex: index });
      return;
    }
    same.words.push(word);
    same.lastIndex = index;
    same.speaker = { ...speaker, candidates: [...new Set([...same.speaker.candidates, ...speaker.candidates])] };
  });
  return parts;
}

function goesOn({ words, lastIndex }: OpenPart, word: SpeechWord, index: number): boolean {
  const others = index - lastIndex - 1;
  if (others === 0) return true;
  return others <= REMARK_WORDS && word.startMs - (words.at(-1)?.endMs ?? 0) <= REMARK_MS;
}
