import { describe, expect, it } from '@jest/globals';
import type { TranscriptMessage } from '../../protocol/message.js';
import { differences, firstGap } from './verdict.js';

const transcribed = (speaker: string | null, text: string, startMs: number, final = true): TranscriptMessage => ({
  v: 1,
  type: 'transcript',
  sessionId: 's',
  seq: startMs,
  segmentId: `u${startMs}`,
  revision: 1,
  final,
  text,
  language: 'en',
  speaker: speaker === null ? null : { identity: speaker, name: speaker, trackSid: 'TR' },
  confidence: 1,
  startMs,
  endMs: startMs + 1,
  startedAt: '2026-01-01T10:00:00.000Z',
  source: 'server',
});
const said = [
  { speaker: 'alice', text: 'Good morning, everyone!' },
  { speaker: 'carol', text: 'Bonjour à tous.' },
];

describe('differences', () => {
  it('is empty when every word came back under the right name, however it was cut', () => {
    const messages = [
      transcribed('carol', 'bonjour à tous', 20),
      transcribed('alice', 'Good morning', 10),
      transcribed('alice', 'everyone.', 15),
      transcribed('alice', 'God', 10, false),
    ];
    expect(differences(said, messages)).toEqual([]);
  });

  it('shows a missing word and one without a speaker', () => {
    const verdicts = differences(said, [
      transcribed('alice', 'Good everyone', 10),
      transcribed(null, 'bonjour à tous', 20),
    ]);
    expect(verdicts).toEqual([
      { speaker: 'alice', expected: 'good morning everyone', transcribed: 'good everyone' },
      { speaker: 'carol', expected: 'bonjour à tous', transcribed: '' },
      { speaker: '(nobody)', expected: '', transcribed: 'bonjour à tous' },
    ]);
  });
});

describe('firstGap', () => {
  it('finds what was left out or came twice', () => {
    expect(firstGap([3, 4, 5])).toBeUndefined();
    expect(firstGap([3, 5])).toBe(5);
    expect(firstGap([3, 3])).toBe(3);
    expect(firstGap([])).toBeUndefined();
  });
});
