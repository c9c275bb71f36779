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
      '1\n00:00:01,000 --> 00:00:02,500\nUnknown: First\n\n2\n01:01:01,042 --> 01:01:02,542\nBob: Second ‹b› & last\n',
    );
  });

  it('writes plain text', () => {
    expect(SUBTITLES.txt.write(finals)).toBe('[00:00:01] Unknown: First\n[01:01:01] Bob: Second <b> & last\n');
  });

  it.each(['Ann\n\n7\n00:00:30,000 --> 00:00:40,000\nBoss', 'Ann\r\rBoss', '\u0000', 'a\u2028\u2028b', '\ud83d'])(
    'lets no name and no text make a cue of its own: %j',
    (odd) => {
      const odds = [final(odd, 1_000, odd), final('two', 3_000, 'Bob')];
      for (const form of ['vtt', 'srt'] as const) {
        const written = SUBTITLES[form].write(odds);
        const blocks = written.replace('WEBVTT\n\n', '').trimEnd().split('\n\n');
        expect(blocks.length).toBeLessThanOrEqual(2);
        for (const block of blocks)
          expect(block).toMatch(/^\d+\n\d\d:\d\d:\d\d[.,]\d{3} --> [^\n]+\n[^\n]+(\n[^\n]+)?$/);
        expect(written).not.toMatch(/[\0\r\u2028\p{Surrogate}]/u);
      }
      expect(SUBTITLES.txt.write(odds).trimEnd().split('\n')).toHaveLength(2);
    },
  );

  it('cuts a long final into cues of two lines of 42 columns, one after the other, without losing a word', () => {
    const text = 'word '.repeat(200).trim();
    const cues = SUBTITLES.vtt
      .write([{ ...final(text, 1_000), endMs: 61_000 }])
      .replace('WEBVTT\n\n', '')
      .trimEnd()
      .split('\n\n')
      .map((block) => block.replace('<v Unknown>', '').split('\n').slice(1));
    let endBefore = '00:00:01.000';
    for (const [times = '', ...lines] of cues) {
      const [start, end = ''] = times.split(' --> ');
      expect(start).toBe(endBefore);
      expect(lines.length).toBeLessThanOrEqual(2);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(42);
      endBefore = end;
    }
    expect(endBefore).toBe('00:01:01.000');
    expect(cues.flatMap((lines) => lines.slice(1)).join(' ')).toBe(text);
  });

  it('gives a cue without a length one, and breaks scripts without spaces', () => {
    const written = SUBTITLES.srt.write([{ ...final('今天我们来讨论字幕'.repeat(20), 1_000), endMs: 1_000 }]);
    expect(written).not.toMatch(/^(\d\d:\d\d:\d\d,\d{3}) --> \1$/m);
    for (const line of written.split('\n')) expect(line.length).toBeLessThanOrEqual(42);
  });
});
