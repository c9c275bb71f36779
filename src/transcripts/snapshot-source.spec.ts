import { describe, expect, it } from '@jest/globals';
import type { Message, StatusMessage, TranscriptMessage } from '../../libs/protocol/message.js';
import { SnapshotSource } from './snapshot-source.js';

const transcript = (n: number, fields: Partial<TranscriptMessage> = {}): TranscriptMessage => ({
  ...{ v: 1, type: 'transcript', sessionId: 's', seq: n, segmentId: `${n}`, revision: 1, final: true },
  ...{ text: `text ${n}`, language: 'en', speaker: null, confidence: 1, startMs: n * 1_000, endMs: n * 1_000 + 500 },
  ...{ startedAt: '2026-01-01T10:00:00.000Z', source: 'server' },
  words: [{ text: 'text', startMs: 0, endMs: 1, confidence: 1 }],
  ...fields,
});
const status = (seq: number, fields: Partial<StatusMessage> = {}): StatusMessage => ({
  ...{ v: 1, type: 'status', sessionId: 's', seq, status: 'live', message: '' },
  ...fields,
});
const translation = (segmentId: string, language: string, text: string): Message => ({
  ...{ v: 1, type: 'translation', sessionId: 's', seq: 90, segmentId, language, text },
});

describe('SnapshotSource', () => {
  const after = (...messages: Message[]): SnapshotSource => {
    const source = new SnapshotSource();
    for (const message of messages) source.add(message);
    return source;
  };

  it('has nothing to show before the first message', () => {
    expect(after().snapshot('s', 0)).toBeUndefined();
    expect(after(status(1)).snapshot('s', 1)).toMatchObject({ seq: 1, segments: [], statuses: [{ status: 'live' }] });
  });

  it('shows the last finals, then interims, without word times', () => {
    const source = after(
      ...Array.from({ length: 25 }, (_, n) => transcript(n)),
      transcript(30, { final: false }),
      transcript(31, { final: false }),
      transcript(31, { final: true, text: '' }),
    );
    const { segments } = source.snapshot('s', 40)!;
    expect(segments.map(({ segmentId }) => segmentId)).toEqual([
      ...Array.from({ length: 20 }, (_, n) => `${n + 5}`),
      '30',
    ]);
    expect(segments.some((segment) => 'words' in segment)).toBe(false);
  });

  it('shows the translations of those finals, the latest of each language', () => {
    const source = after(
      transcript(1),
      translation('1', 'fr', 'vieux'),
      translation('1', 'fr', 'neuf'),
      translation('1', 'de', 'neu'),
      translation('gone', 'de', 'weg'),
    );
    expect(source.snapshot('s', 9)?.translations?.map(({ text }) => text)).toEqual(['neuf', 'neu']);
  });

  it('shows the gaps since the first of them, and the state as it is', () => {
    const gap = (seq: number, startMs: number): StatusMessage =>
      status(seq, { status: 'gap', startMs, endMs: startMs + 100 });
    const source = after(status(1), gap(2, 100), transcript(5), gap(6, 5_200), status(7, { status: 'degraded' }));
    expect(source.snapshot('s', 7)?.statuses?.map(({ seq }) => seq)).toEqual([6, 7]);
  });

  it('shows nothing that was erased', () => {
    const source = after(
      transcript(1),
      transcript(2, { final: false }),
      translation('1', 'de', 'eins'),
      status(3, { status: 'gap', startMs: 1_100, endMs: 1_200, identity: 'alice' }),
    );
    source.erase(() => true);
    expect(source.snapshot('s', 3)).toBeUndefined();
  });
});
