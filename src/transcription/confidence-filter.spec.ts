import { describe, expect, it } from '@jest/globals';
import { Metrics } from '../metrics/metrics.js';
import { ConfidenceThresholds } from './confidence-thresholds.js';
import type { SpeechListener, Utterance } from './speech-to-text.js';
import { StreamState } from './stream-state.js';
import { ConfidenceFilter } from './confidence-filter.js';
import { TranscriptionMetrics } from './transcription-metrics.js';

const said = (final: boolean, confidence: number, lengthMs = 400): Utterance => ({
  id: '1',
  final,
  text: 'hm',
  language: 'en',
  confidence,
  startMs: 1_000,
  endMs: 1_000 + lengthMs,
  words: [],
});

const listening = (doubts: ConfidenceThresholds, metrics = new TranscriptionMetrics(new Metrics())) => {
  const told: string[] = [];
  const next: SpeechListener = {
    utterance: ({ final, text }) => void told.push(`${text}${final ? '!' : '?'}`),
    translation: () => undefined,
    insight: () => undefined,
    stateChanged: () => undefined,
    gap: () => undefined,
  };
  return { told, listener: new ConfidenceFilter(next, doubts, metrics, () => 2_000) };
};

describe('SureListener', () => {
  it('lets all pass without limits', () => {
    const { told, listener } = listening(new ConfidenceThresholds());
    for (const final of [false, true]) listener.utterance(said(final, 0, 0));
    expect(told).toEqual(['hm?', 'hm!']);
  });

  it('keeps doubtful partials back, and takes back what a doubtful final had shown', () => {
    const doubts = new ConfidenceThresholds({
      minPartialConfidence: 0.3,
      minFinalConfidence: 0.5,
      minUtteranceMs: 100,
    });
    const { told, listener } = listening(doubts);
    listener.utterance(said(false, 0.2));
    listener.utterance(said(true, 0.4));
    expect(told).toEqual([]);
    listener.utterance(said(false, 0.3));
    listener.utterance(said(true, 0.4));
    listener.utterance(said(true, 0.9, 99));
    listener.utterance(said(true, 0.9, 100));
    expect(told).toEqual(['hm?', '!', 'hm!']);
  });

  it('counts finals and how late they came, reconnects and gaps', async () => {
    const metrics = new Metrics();
    const { listener } = listening(new ConfidenceThresholds(), new TranscriptionMetrics(metrics));
    listener.utterance(said(true, 1));
    const state = new StreamState((report) => listener.stateChanged(report));
    state.counters.reconnects = 2;
    state.enter('reconnecting');
    state.enter('live');
    listener.gap(1_000, 3_500);
    const text = await metrics.registry.metrics();
    expect(text).toContain('roomscribe_speech_finals_total 1');
    expect(text).toContain('roomscribe_speech_final_delay_seconds_sum 0.6');
    expect(text).toContain('roomscribe_speech_reconnects_total 2');
    expect(text).toContain('roomscribe_speech_gap_seconds_total 2.5');
  });
});
