import { describe, expect, it } from '@jest/globals';
import type { TranscriptMessage } from '../../libs/protocol/message.js';
import { SUBTITLES } from './subtitles.js';

const final = (text: string, startMs: number, name?: string): TranscriptMessage => ({
  v: 1,
  type: 'transcript',
  sessionId: 's',
  seq: 1,
  segmentId: 'u',
  revision: 1,
  final: true,
  text,
  language: 'en',
  speaker: name === undefined ? null : { identity: name, name, trackSid: 'TR' },
  confidence: 1,
  startMs,
  endMs: startMs + 1500,
  startedAt: '2026-01-01T10:00:00.000Z',
  source: 'server',
});
const finals = [final('Second <b> & last', 3_661_042, 'Bob'), final('First', 1_000)];

describe('SUBTITLES', () => {
  it('writes WebVTT in the order of speech, with voices and nothing that could be markup', () => {
    expect(SUBTITLES.vtt.write(finals)).toBe(
      'WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\n<v Unknown>First\n\n' +
        '2\n01:01:01.042 --> 01:01:02.542\n<v Bob>Second &lt;b&gt; &amp; last\n',
    );
  });

  it('writes SubRip', () => {
    expect(SUBTITLES.srt.write(finals)).toBe(
      '1\n00:00:01,000 --> 00:00:02,500\nUnknown: First\n\n2\n01:01:01,042 --> 01:01:02,542\nBob: Second <b> & last\n',
    );
  });

  it('writes plain text', () => {
    expect(SUBTITLES.txt.write(finals)).toBe('[00:00:01] Unknown: First\n[01:01:01] Bob: Second <b> & last\n');
  });
});
