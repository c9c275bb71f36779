import { SAMPLE_RATE_HZ, samplesToMs } from '../media/audio-format.js';
import type { Utterance } from './speech-to-text.js';
import type { GladiaUtterance } from './gladia-utterance.js';

/** An utterance on the session clock, before it has an id. */
export type HeardUtterance = Omit<Utterance, 'id' | 'final'>;

/**
 * Puts an utterance on the session clock.
 * @param locate from a sample that Gladia counted to a position in the audio log
 * @param startSamples where the log's first sample lies on the session clock
 */
export function onSessionClock(
  utterance: GladiaUtterance,
  locate: (serverSamples: number) => number,
  startSamples: number,
): HeardUtterance {
  const toMs = (seconds: number): number =>
    Math.round(samplesToMs(startSamples + locate(Math.max(0, seconds) * SAMPLE_RATE_HZ)));
  const span = ({ start, end }: { start: number; end: number }): { startMs: number; endMs: number } => {
    const startMs = toMs(start);
    return { startMs, endMs: Math.max(startMs, toMs(end)) };
  };
  return {
    text: utterance.text.trim(),
    language: utterance.language,
    confidence: utterance.confidence,
    channel: utterance.channel,
    ...span(utterance),
    words: utterance.words.map((word) => ({ text: word.word.trim(), confidence: word.confidence, ...span(word) })),
  };
}
