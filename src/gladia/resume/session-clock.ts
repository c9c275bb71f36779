import { SAMPLE_RATE_HZ, samplesToMs } from '../../media/audio-format.js';
import type { Utterance } from '../../transcription/speech-to-text.js';
import type { GladiaUtterance } from '../api/gladia-utterance.js';

/** An utterance on the session clock, before it has an id. */
export type TimedUtterance = Omit<Utterance, 'id' | 'final'>;

/** Of a word that goes through the place where sound came again, the greater part tells where it lies. */
const aroundMs = (middleMs: number, lengthMs: number): { startMs: number; endMs: number } => {
  const startMs = Math.max(0, Math.round(middleMs - lengthMs / 2));
  return { startMs, endMs: Math.max(startMs, Math.round(startMs + lengthMs)) };
};

/**
 * Puts an utterance on the session clock.
 * @param locate from a sample that Gladia counted to a position in the audio log
 * @param startSamples where the log's first sample lies on the session clock
 */
export function onSessionClock(
  utterance: GladiaUtterance,
  locate: (serverSamples: number) => number,
  startSamples: number,
): TimedUtterance {
  const toMs = (seconds: number): number =>
    Math.round(samplesToMs(startSamples + locate(Math.max(0, seconds) * SAMPLE_RATE_HZ)));
  const wordSpan = ({ start, end }: { start: number; end: number }): { startMs: number; endMs: number } => {
    const [startMs, endMs] = [toMs(start), toMs(end)];
    return endMs >= startMs ? { startMs, endMs } : aroundMs(toMs((start + end) / 2), (end - start) * 1_000);
  };
  const startMs = toMs(utterance.start);
  return {
    text: utterance.text.trim(),
    language: utterance.language,
    confidence: utterance.confidence,
    channel: utterance.channel,
    startMs,
    endMs: Math.max(startMs, toMs(utterance.end)),
    words: utterance.words.map((word) => ({ text: word.word.trim(), confidence: word.confidence, ...wordSpan(word) })),
  };
}
