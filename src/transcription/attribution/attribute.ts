import type { SpeakerChannels } from '../../media/speaker-channels.js';
import type { SpeakerTimeline } from '../../media/speaker-timeline.js';
import type { SpeechWord, Utterance } from '../speech-to-text.js';
import { byChannel, byTimeline, type Judge } from './channel-timeline.js';
import { splitBySpeaker, type SpeakerPart } from './split-by-speaker.js';
import { resolveWords, type WordSpeaker } from './resolve-words.js';
import { splitText } from './split-text.js';
import { timedWords } from './timed-words.js';
import type { WordVerdict } from './word-verdict.js';

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

/** How speakers lie in channels, and which of them were found in their own: what is heard of these elsewhere is an echo. */
export interface HeardChannels {
  readonly channels: SpeakerChannels;
  readonly proven: ReadonlySet<string>;
}

/**
 * Says who said what of an utterance. Its parts come in the order in which they began; without text there are none, and none
 * of what is only an echo.
 */
export function attribute(utterance: Utterance, timeline: SpeakerTimeline, heard?: HeardChannels): AttributedPart[] {
  if (utterance.text === '') return [];
  const words = timedWords(utterance);
  const verdicts = verdictsOf(utterance, words, judgeOf(utterance, timeline, heard));
  const isOwn = (verdict: WordVerdict): boolean => verdict.kind !== 'echo' || heard?.proven.has(verdict.of) !== true;
  const own = words.filter((_, index) => isOwn(verdicts[index] ?? SILENT));
  const parts = splitBySpeaker(own, resolveWords(verdicts.filter(isOwn)));
  if (parts.length <= 1 && own.length === words.length) return [whole(utterance, words, parts[0]?.speaker)];
  const texts = splitText(
    utterance.text,
    words,
    parts.map((part) => part.words),
  );
  return parts.map((part, index) => attributed(part, texts[index] ?? '')).filter(({ text }) => text !== '');
}

const SILENT: WordVerdict = { kind: 'silent' };

function judgeOf({ channel }: Utterance, timeline: SpeakerTimeline, heard?: HeardChannels): Judge {
  const isKnown = channel !== undefined && heard !== undefined && channel < heard.channels.count;
  return isKnown ? byChannel(channel, heard.channels, timeline) : byTimeline(timeline);
}

/** Without word times only the utterance as a whole can be judged. */
function verdictsOf(utterance: Utterance, words: readonly SpeechWord[], judge: Judge): WordVerdict[] {
  const verdict = (startMs: number, endMs: number) => judge(startMs, Math.max(endMs, startMs + 1));
  if (utterance.words.length > 0) return words.map((word) => verdict(word.startMs, word.endMs));
  const whole = verdict(utterance.startMs, utterance.endMs);
  return words.map(() => whole);
}

function attributed({ speaker, words }: SpeakerPart, text: string): AttributedPart {
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
