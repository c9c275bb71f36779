import type { Message, TranscriptMessage } from '../../protocol/message.js';
import { plainWords, type HeardWord } from './placed-word.js';

export const isTranscript = (message: Message): message is TranscriptMessage => message.type === 'transcript';

/** Unix time of session time 0; undefined while nothing was said. */
export function liveAtMs(messages: readonly Message[]): number | undefined {
  const first = messages.find(isTranscript);
  return first && Date.parse(first.startedAt) - first.startMs;
}

/** The words of all finals, as they are told to have been said. */
export function heardWords(messages: readonly Message[]): HeardWord[] {
  const finals = messages.filter(isTranscript).filter(({ final }) => final);
  return finals.flatMap(wordsOf).sort((a, b) => a.startMs - b.startMs);
}

function wordsOf(final: TranscriptMessage): HeardWord[] {
  const zeroMs = Date.parse(final.startedAt) - final.startMs;
  const identity = final.speaker?.identity;
  return (final.words ?? spread(final)).flatMap(({ text, startMs, endMs }) =>
    plainWords(text).map((word) => ({ identity, text: word, startMs: zeroMs + startMs, endMs: zeroMs + endMs })),
  );
}

/** A final without word times has its words evenly over its length. */
function spread({ text, startMs, endMs }: TranscriptMessage): { text: string; startMs: number; endMs: number }[] {
  const words = plainWords(text);
  const eachMs = (endMs - startMs) / words.length;
  return words.map((word, n) => ({ text: word, startMs: startMs + n * eachMs, endMs: startMs + (n + 1) * eachMs }));
}
