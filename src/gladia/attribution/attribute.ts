import type { SpeakerTimeline } from '../../media/speaker-timeline.js';
import type { SpeechWord, Utterance } from '../speech-to-text.js';
import { resolveWords, type WordSpeaker } from './resolve-words.js';
import { textOfParts } from './text-of-parts.js';
import { timedWords } from './timed-words.js';
import { judgeWord } from './word-verdict.js';

/** A part of an utterance that one speaker said, or that cannot be told apart. */
export interface AttributedPart {
  readonly trackSid: string | null;
  /** Who it may have been, where `trackSid` is null. */
  readonly candidates: readonly string[];
  readonly text: string;
  readonly confidence: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly words: readonly SpeechWord[];
}

/** Splits an utterance where the speaker changes. An utterance without text has no parts. */
export function attribute(utterance: Utterance, timeline: SpeakerTimeline): AttributedPart[] {
  if (utterance.text === '') return [];
  const words = timedWords(utterance);
  const runs = runsOf(words, speakers(utterance, words, timeline));
  if (runs.length <= 1) return [whole(utterance, words, runs[0]?.speaker)];
  const texts = textOfParts(
    utterance.text,
    runs.map((run) => run.words),
  );
  return runs.map((run, index) => part(run, texts[index] ?? '')).filter(({ text }) => text !== '');
}

interface Run {
  readonly speaker: WordSpeaker;
  readonly words: readonly SpeechWord[];
}

/** Without word times only the utterance as a whole can be judged. */
function speakers(utterance: Utterance, words: readonly SpeechWord[], timeline: SpeakerTimeline): WordSpeaker[] {
  const verdict = (startMs: number, endMs: number) =>
    judgeWord(timeline.activity(startMs, Math.max(endMs, startMs + 1)));
  if (utterance.words.length === 0) {
    const [speaker] = resolveWords([verdict(utterance.startMs, utterance.endMs)]);
    return words.map(() => speaker ?? { trackSid: null, candidates: [] });
  }
  return resolveWords(words.map((word) => verdict(word.startMs, word.endMs)));
}

function runsOf(words: readonly SpeechWord[], speakersOfWords: readonly WordSpeaker[]): Run[] {
  const runs: { speaker: WordSpeaker; words: SpeechWord[] }[] = [];
  words.forEach((word, index) => {
    const speaker = speakersOfWords[index] ?? { trackSid: null, candidates: [] };
    const last = runs.at(-1);
    if (last === undefined || last.speaker.trackSid !== speaker.trackSid) {
      runs.push({ speaker, words: [word] });
      return;
    }
    last.words.push(word);
    last.speaker = { ...speaker, candidates: [...new Set([...last.speaker.candidates, ...speaker.candidates])] };
  });
  return runs;
}

function part({ speaker, words }: Run, text: string): AttributedPart {
  const confidence = words.reduce((sum, word) => sum + word.confidence, 0) / words.length;
  return { ...speaker, text, confidence, words, ...span(words) };
}

function whole(utterance: Utterance, words: readonly SpeechWord[], speaker?: WordSpeaker): AttributedPart {
  const { text, confidence, startMs, endMs } = utterance;
  const times = words.length > 0 ? span(words) : { startMs, endMs };
  return { trackSid: null, candidates: [], ...speaker, text, confidence, words, ...times };
}

function span(words: readonly SpeechWord[]): { startMs: number; endMs: number } {
  const startMs = Math.min(...words.map((word) => word.startMs));
  return { startMs, endMs: Math.max(startMs, ...words.map((word) => word.endMs)) };
}
