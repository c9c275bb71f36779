import type { SpeakerChannels } from '../../media/speaker-channels.js';
import type { SpeakerTimeline } from '../../media/speaker-timeline.js';
import type { SpeechWord, Utterance } from '../speech-to-text.js';
import { resolveWords, splitBySpeaker, type SpeakerPart, type WordSpeaker } from './speaker-parts.js';
import { splitText } from './split-text.js';
import { byChannel, byTimeline, type WordJudge } from './word-judge.js';
import type { WordVerdict } from './word-verdict.js';

/** The part of an utterance that one speaker said, or somebody who cannot be named. */
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

/** How speakers are distributed over channels. */
export interface ChannelEvidence {
  readonly channels: SpeakerChannels;
  /** Tracks that were transcribed in their own channel: their words in other channels are echoes. */
  readonly confirmed: ReadonlySet<string>;
}

/**
 * Says who said what of an utterance. Its parts come in the order in which they began. Text that is only an echo is left
 * out, and an utterance without text has no parts.
 */
export function attribute(
  utterance: Utterance,
  timeline: SpeakerTimeline,
  evidence?: ChannelEvidence,
): AttributedPart[] {
  if (utterance.text === '') return [];
  const words = timedWords(utterance);
  const verdicts = verdictsOf(utterance, words, judgeOf(utterance, timeline, evidence));
  const isSpoken = (verdict: WordVerdict): boolean =>
    verdict.kind !== 'echo' || evidence?.confirmed.has(verdict.of) !== true;
  const spoken = words.filter((_, index) => isSpoken(verdicts[index] ?? SILENT));
  const parts = splitBySpeaker(spoken, resolveWords(verdicts.filter(isSpoken)));
  if (parts.length <= 1 && spoken.length === words.length) return [whole(utterance, words, parts[0]?.speaker)];
  const texts = splitText(
    utterance.text,
    words,
    parts.map((part) => part.words),
  );
  return parts.map((part, index) => attributed(part, texts[index] ?? '')).filter(({ text }) => text !== '');
}

const SILENT: WordVerdict = { kind: 'silent' };

/** The utterance's words; where the engine gave none, those of its text, spread evenly over its time. */
function timedWords({ words, text, startMs, endMs, confidence }: Utterance): readonly SpeechWord[] {
  if (words.length > 0) return words;
  const texts = text.split(/\s+/u).filter((word) => word !== '');
  const at = (index: number): number => Math.round(startMs + ((endMs - startMs) * index) / texts.length);
  return texts.map((word, index) => ({ text: word, startMs: at(index), endMs: at(index + 1), confidence }));
}

function judgeOf({ channel }: Utterance, timeline: SpeakerTimeline, evidence?: ChannelEvidence): WordJudge {
  const hasChannel = channel !== undefined && evidence !== undefined && channel < evidence.channels.count;
  return hasChannel ? byChannel(channel, evidence.channels, timeline) : byTimeline(timeline);
}

/** Without word times the utterance is judged as a whole. */
function verdictsOf(utterance: Utterance, words: readonly SpeechWord[], judge: WordJudge): WordVerdict[] {
  const verdict = (startMs: number, endMs: number) => judge(startMs, Math.max(endMs, startMs + 1));
  if (utterance.words.length > 0) return words.map((word) => verdict(word.startMs, word.endMs));
  const ofUtterance = verdict(utterance.startMs, utterance.endMs);
  return words.map(() => ofUtterance);
}

function attributed({ speaker, words }: SpeakerPart, text: string): AttributedPart {
  const confidence = words.reduce((sum, word) => sum + word.confidence, 0) / words.length;
  return { ...speaker, text, confidence, words, ...timesOf(words) };
}

function whole(utterance: Utterance, words: readonly SpeechWord[], speaker?: WordSpeaker): AttributedPart {
  const { text, confidence, startMs, endMs } = utterance;
  const times = words.length > 0 ? timesOf(words) : { startMs, endMs };
  return { trackSid: null, candidates: [], ...speaker, text, confidence, words, ...times };
}

function timesOf(words: readonly SpeechWord[]): { startMs: number; endMs: number } {
  const startMs = Math.min(...words.map((word) => word.startMs));
  return { startMs, endMs: Math.max(startMs, ...words.map((word) => word.endMs)) };
}
