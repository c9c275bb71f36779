import { describe, expect, it } from '@jest/globals';
import type { Message, StatusMessage, TranscriptMessage } from '../../libs/protocol/message.js';
import { exportSubtitles } from './subtitle-export.js';
import type { SubtitleForm } from './subtitles.js';

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

/** A journal of these messages, numbered in this order. */
const journalOf = (messages: readonly Message[]) => {
  const numbered = messages.map((message, index) => ({ ...message, seq: index + 1 }));
  const page = (_id: string, _kinds: readonly string[], after = 0, most = 1_000): Promise<Message[]> => {
    pages.push(most);
    return Promise.resolve(numbered.filter(({ seq }) => seq > after).slice(0, most));
  };
  const pages: number[] = [];
  return { page, pages };
};
const write = async (form: SubtitleForm, messages: readonly Message[], language?: string): Promise<string> => {
  let text = '';
  for await (const chunk of exportSubtitles(journalOf(messages), 's', { form, language })) text += chunk;
  return text;
};

describe('subtitles', () => {
  it('writes WebVTT in the order of speech, with voices and nothing that could be markup', async () => {
    expect(await write('vtt', finals)).toBe(
      'WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\n<v Unknown>First\n\n' +
        '2\n01:01:01.042 --> 01:01:02.542\n<v Bob>Second &lt;b&gt; &amp; last\n',
    );
  });

  it('writes SubRip', async () => {
    expect(await write('srt', finals)).toBe(
      '1\n00:00:01,000 --> 00:00:02,500\nUnknown: First\n\n2\n01:01:01,042 --> 01:01:02,542\nBob: Second ‹b› & last\n',
    );
  });

  it('writes plain text', async () => {
    expect(await write('txt', finals)).toBe('[00:00:01] Unknown: First\n[01:01:01] Bob: Second <b> & last\n');
  });

  it.each(['Ann\n\n7\n00:00:30,000 --> 00:00:40,000\nBoss', 'Ann\r\rBoss', '\u0000', 'a\u2028\u2028b', '\ud83d'])(
    'lets no name and no text make a cue of its own: %j',
    async (odd) => {
      const odds = [final(odd, 1_000, odd), final('two', 3_000, 'Bob')];
      for (const form of ['vtt', 'srt'] as const) {
        const written = await write(form, odds);
        const blocks = written.replace('WEBVTT\n\n', '').trimEnd().split('\n\n');
        expect(blocks.length).toBeLessThanOrEqual(2);
        for (const block of blocks)
          expect(block).toMatch(/^\d+\n\d\d:\d\d:\d\d[.,]\d{3} --> [^\n]+\n[^\n]+(\n[^\n]+)?$/);
        expect(written).not.toMatch(/[\0\r\u2028\p{Surrogate}]/u);
      }
      expect((await write('txt', odds)).trimEnd().split('\n')).toHaveLength(2);
    },
  );

  it('cuts a long final into cues of two lines of 42 columns, one after the other, without losing a word', async () => {
    const text = 'word '.repeat(200).trim();
    const cues = (await write('vtt', [{ ...final(text, 1_000), endMs: 61_000 }]))
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

  it('gives a cue without a length one, and breaks scripts without spaces', async () => {
    const written = await write('srt', [{ ...final('今天我们来讨论字幕'.repeat(20), 1_000), endMs: 1_000 }]);
    expect(written).not.toMatch(/^(\d\d:\d\d:\d\d,\d{3}) --> \1$/m);
    for (const line of written.split('\n')) expect(line.length).toBeLessThanOrEqual(42);
  });

  const gap = (startMs: number, endMs: number): StatusMessage => ({
    ...{ v: 1, type: 'status', sessionId: 's', seq: 1, status: 'gap', message: 'Alice <could> not be heard.' },
    startMs,
    endMs,
  });

  it('has gaps as cues, but the shortest', async () => {
    const written = await write('vtt', [final('before', 0, 'Bob'), gap(3_000, 5_000), gap(7_000, 7_300)]);
    expect(written).toContain('2\n00:00:03.000 --> 00:00:05.000\n[Alice &lt;could&gt; not be heard.]\n');
    expect(written.match(/-->/g)).toHaveLength(2);
    expect(await write('txt', [gap(3_000, 5_000)])).toBe('[00:00:03] [Alice <could> not be heard.]\n');
  });

  it('shows translations in the language that is asked for, and the original where there is none', async () => {
    const translation = (segmentId: string, language: string, text: string): Message => ({
      ...{ v: 1, type: 'translation', sessionId: 's', seq: 1, segmentId, language, text },
    });
    const messages = [
      { ...final('one', 0, 'Bob'), segmentId: 'a' },
      translation('a', 'de', 'eins'),
      translation('a', 'fr', 'un'),
      { ...final('two', 2_000, 'Bob'), segmentId: 'b' },
      translation('b', 'de', 'zwei'),
    ];
    expect(await write('txt', messages, 'fr')).toBe('[00:00:00] Bob: un\n[00:00:02] Bob: two\n');
    expect(await write('txt', messages)).toBe('[00:00:00] Bob: one\n[00:00:02] Bob: two\n');
  });

  it('shows words when they were said, where their message tells how late their audio came', async () => {
    const LIVE_AT = Date.parse('2026-01-01T10:00:00.000Z');
    const late = { ...final('late', 5_000, 'Bob'), startedAt: '2026-01-01T10:00:02.100Z' };
    const chunks: string[] = [];
    for await (const chunk of exportSubtitles(journalOf([late]), 's', { form: 'srt', liveAtUnixMs: LIVE_AT }))
      chunks.push(chunk);
    expect(chunks.join('')).toBe('1\n00:00:02,100 --> 00:00:03,600\nBob: late\n');
  });

  it('reads and writes a long session by pages, in the order of speech', async () => {
    const long = Array.from({ length: 5_000 }, (_, n) => final(`text ${n}`, n * 1_000 + (n % 2 === 0 ? 1_500 : 0)));
    const journal = journalOf(long);
    const chunks: string[] = [];
    for await (const chunk of exportSubtitles(journal, 's', { form: 'srt' })) chunks.push(chunk);
    expect(Math.max(...journal.pages)).toBe(200);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(40_000);
    const starts = [...chunks.join('').matchAll(/^(\S+) -->/gm)].map(([, start]) => start!);
    expect(starts).toHaveLength(5_000);
    expect(starts).toEqual(starts.toSorted());
    const numbers = [...chunks.join('').matchAll(/^(\d+)\n\d\d:/gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(Array.from({ length: 5_000 }, (_, n) => n + 1));
  });
});
