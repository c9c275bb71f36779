import { describe, expect, it } from '@jest/globals';
import { Metrics } from '../metrics/metrics.js';
import type { SpeechListener, Utterance } from './speech-to-text.js';
import { StreamState } from './stream-state.js';
import { ConfidenceFilter, ConfidenceThresholds } from './confidence-filter.js';
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

const filtering = (thresholds: ConfidenceThresholds, metrics = new TranscriptionMetrics(new Metrics())) => {
  const passed: string[] = [];
  const next: SpeechListener = {
    utterance: ({ final, text }) => void passed.push(`${text}${final ? '!' : '?'}`),
    translation: () => undefined,
    insight: () => undefined,
    stateChanged: () => undefined,
    gap: () => undefined,
  };
  return { passed, listener: new ConfidenceFilter(next, thresholds, metrics, () => 2_000) };
};

describe('ConfidenceFilter', () => {
  it('passes everything on without thresholds', () => {
    const { passed, listener } = filtering(new ConfidenceThresholds());
    for (const final of [false, true]) listener.utterance(said(final, 0, 0));
    expect(passed).toEqual(['hm?', 'hm!']);
  });

  it('drops partials of low confidence, and retracts what was passed on of a final of low confidence', () => {
    const thresholds = new ConfidenceThresholds({
      minPartialConfidence: 0.3,
      minFinalConfidence: 0.5,
      minUtteranceMs: 100,
    });
    const { passed, listener } = filtering(thresholds);
    listener.utterance(said(false, 0.2));
    listener.utterance(said(true, 0.4));
    expect(passed).toEqual([]);
    listener.utterance(said(false, 0.3));
    listener.utterance(said(true, 0.4));
    listener.utterance(said(true, 0.9, 99));
    listener.utterance(said(true, 0.9, 100));
    expect(passed).toEqual(['hm?', '!', 'hm!']);
  });

  it('counts finals and their delays, reconnects and gaps', async () => {
    const metrics = new Metrics();
    const { listener } = filtering(new ConfidenceThresholds(), new TranscriptionMetrics(metrics));
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
