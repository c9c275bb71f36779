import type { SpeechWord } from '../speech-to-text.js';
import type { WordVerdict } from './word-verdict.js';

/** Who spoke a word, once its neighbours are taken into account. */
export interface WordSpeaker {
  /** Null where nobody can be named. */
  readonly trackSid: string | null;
  /** Who it may have been, where `trackSid` is null. */
  readonly candidates: readonly string[];
}

/** Words of one utterance by one speaker, or by somebody who cannot be named. */
export interface SpeakerPart {
  readonly speaker: WordSpeaker;
  readonly words: readonly SpeechWord[];
}

const NOBODY: WordSpeaker = { trackSid: null, candidates: [] };

/** An interjection into somebody's sentence is no change of speaker: up to this many words, and this long. */
const INTERJECTION_WORDS = 2;
const INTERJECTION_MS = 900;

/**
 * Decides the words that the audio alone does not. An ambiguous word goes to its likeliest speaker if that is the clear
 * speaker of a word beside it, and no other candidate is; a silent word goes to the speaker of the word before, at the start
 * to that of the next one.
 */
export function resolveWords(verdicts: readonly WordVerdict[]): WordSpeaker[] {
  const resolved = verdicts.map((verdict, index) => resolve(verdict, clearNeighbours(verdicts, index)));
  return resolved.map((speaker, index) => speaker ?? nearest(resolved, index) ?? NOBODY);
}

function resolve(verdict: WordVerdict, neighbours: ReadonlySet<string>): WordSpeaker | undefined {
  if (verdict.kind === 'silent') return undefined;
  if (verdict.kind === 'clear') return { trackSid: verdict.trackSid, candidates: [] };
  if (verdict.kind === 'echo') return { trackSid: null, candidates: verdict.candidates };
  const [only, another] = verdict.candidates.filter((candidate) => neighbours.has(candidate));
  const isLikely = only !== undefined && another === undefined && only === verdict.likeliest;
  if (isLikely) return { trackSid: only, candidates: [] };
  return { trackSid: null, candidates: verdict.candidates };
}

/** The speakers of the nearest clear words before and after a word. */
function clearNeighbours(verdicts: readonly WordVerdict[], index: number): ReadonlySet<string> {
  const isClear = (verdict: WordVerdict) => verdict.kind === 'clear';
  const before = verdicts.slice(0, index).findLast(isClear);
  const after = verdicts.slice(index + 1).find(isClear);
  return new Set([before, after].flatMap((verdict) => (verdict?.kind === 'clear' ? [verdict.trackSid] : [])));
}

function nearest(resolved: readonly (WordSpeaker | undefined)[], index: number): WordSpeaker | undefined {
  const isResolved = (speaker: WordSpeaker | undefined) => speaker !== undefined;
  return resolved.slice(0, index).findLast(isResolved) ?? resolved.slice(index + 1).find(isResolved);
}

interface OpenPart {
  speaker: WordSpeaker;
  readonly words: SpeechWord[];
  lastIndex: number;
}

/**
 * Splits an utterance where the speaker changes for good. Who continues after a short interjection continues in the same
 * part, and the interjection is a part of its own: readers want whole sentences.
 */
export function splitBySpeaker(words: readonly SpeechWord[], speakers: readonly WordSpeaker[]): SpeakerPart[] {
  const parts: OpenPart[] = [];
  words.forEach((word, index) => {
    const speaker = speakers[index] ?? NOBODY;
    const last = parts.findLast((part) => part.speaker.trackSid === speaker.trackSid);
    if (last === undefined || !continues(last, word, index)) {
      parts.push({ speaker, words: [word], lastIndex: index });
      return;
    }
    last.words.push(word);
    last.lastIndex = index;
    last.speaker = { ...speaker, candidates: [...new Set([...last.speaker.candidates, ...speaker.candidates])] };
  });
  return parts;
}

function continues({ words, lastIndex }: OpenPart, word: SpeechWord, index: number): boolean {
  const others = index - lastIndex - 1;
  if (others === 0) return true;
  return others <= INTERJECTION_WORDS && word.startMs - (words.at(-1)?.endMs ?? 0) <= INTERJECTION_MS;
}
