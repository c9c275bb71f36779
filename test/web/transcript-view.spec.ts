import { describe, expect, it } from '@jest/globals';
import type { Message, StatusMessage, TranscriptMessage } from '../../libs/protocol/message.js';
import { applyMessage, emptyView, linesOf, type TranscriptView } from '../../web/transcript-view.js';

const ALICE = { identity: 'alice', name: 'Alice', trackSid: 'TR_a' };
const BOB = { identity: 'bob', name: '', trackSid: 'TR_b' };

let seq = 0;
const transcript = (fields: Partial<TranscriptMessage>): TranscriptMessage => ({
  ...{ v: 1, sessionId: 's', seq: ++seq, type: 'transcript', segmentId: 'one', revision: 1, final: false },
  ...{ text: 'Hello', language: 'en', speaker: ALICE, confidence: 0.9, source: 'server' },
  ...{ startMs: 1_000, endMs: 1_500, startedAt: '2026-01-01T10:00:01.000Z' },
  ...fields,
});
const translation = (segmentId: string, language: string, text: string): Message => ({
  ...{ v: 1, sessionId: 's', seq: ++seq, type: 'translation' },
  ...{ segmentId, language, text },
});
const status = (kind: StatusMessage['status'], message: string): Message => ({
  ...{ v: 1, sessionId: 's', seq: ++seq, type: 'status' },
  ...{ status: kind, message },
});

const viewOf = (...messages: Message[]): TranscriptView => messages.reduce(applyMessage, emptyView());
const textsOf = (...messages: Message[]): string[] => linesOf(viewOf(...messages)).map(({ text }) => text);

describe('the transcript view', () => {
  it('replaces a partial in place, by revision', () => {
    const lines = linesOf(viewOf(transcript({ text: 'Hel' }), transcript({ text: 'Hello', revision: 2, final: true })));
    expect(lines).toEqual([expect.objectContaining({ id: 'one', text: 'Hello', state: 'final', speaker: 'Alice' })]);
  });

  it('keeps the newer revision when an older one comes late', () => {
    expect(textsOf(transcript({ text: 'new', revision: 3 }), transcript({ text: 'old', revision: 2 }))).toEqual([
      'new',
    ]);
  });

  it('never changes a final', () => {
    const final = transcript({ text: 'said', revision: 2, final: true });
    expect(textsOf(final, transcript({ text: 'other', revision: 3, final: true }))).toEqual(['said']);
  });

  it('takes a partial back by an empty final, for good', () => {
    const back = transcript({ text: '', revision: 2, final: true });
    expect(textsOf(transcript({}), back, transcript({ revision: 3 }))).toEqual([]);
  });

  it('orders by the time at which it was said, then as it came', () => {
    const late = transcript({ segmentId: 'b', startMs: 2_000, text: 'second' });
    const early = transcript({ segmentId: 'a', startMs: 1_000, text: 'first' });
    const tied = transcript({ segmentId: 'c', startMs: 2_000, text: 'third' });
    expect(textsOf(late, tied, early)).toEqual(['first', 'second', 'third']);
  });

  it('names a speaker by name, else by identity', () => {
    expect(linesOf(viewOf(transcript({ speaker: BOB })))[0]).toMatchObject({ speaker: 'bob' });
  });

  it('names the candidates when the speaker is not clear, in no colour', () => {
    const [line] = linesOf(viewOf(transcript({ speaker: null, candidates: [ALICE, BOB] })));
    expect(line).toMatchObject({ speaker: 'Alice or bob?', tone: undefined });
    expect(linesOf(viewOf(transcript({ speaker: null })))[0]).toMatchObject({ speaker: 'Unknown speaker' });
  });

  it('gives each speaker a colour, in the order in which they first spoke', () => {
    const spoken = [ALICE, BOB, ALICE].map((speaker, at) => transcript({ segmentId: `${at}`, startMs: at, speaker }));
    expect(linesOf(viewOf(...spoken)).map(({ tone }) => tone)).toEqual([0, 1, 0]);
  });

  it('reads a snapshot without undoing what is newer', () => {
    const { words: _, ...segment } = transcript({ text: 'old', revision: 1, final: true });
    const snapshot: Message = { v: 1, sessionId: 's', seq, type: 'snapshot', segments: [segment] };
    expect(textsOf(snapshot)).toEqual(['old']);
    expect(textsOf(transcript({ text: 'new', revision: 2, final: true }), snapshot)).toEqual(['new']);
  });

  it('puts translations under their segment, whichever comes first', () => {
    const view = viewOf(translation('one', 'fr', 'Bonjour'), transcript({}), translation('one', 'de', 'Hallo'));
    expect(linesOf(view)[0]?.translations).toEqual([
      { language: 'fr', text: 'Bonjour' },
      { language: 'de', text: 'Hallo' },
    ]);
  });

  it('shows the last status with its sentence', () => {
    const view = viewOf(status('live', 'Captions are on.'), status('degraded', 'Captions are late.'));
    expect(view.status).toEqual({ kind: 'degraded', sentence: 'Captions are late.' });
  });

  it('shows a gap where words are missing, and leaves the status as it stood', () => {
    const before = transcript({ segmentId: 'a', startMs: 1_000, text: 'before' });
    const after = transcript({ segmentId: 'b', startMs: 9_000, text: 'after' });
    const gap = { ...status('gap', 'Four seconds were lost.'), startMs: 3_000, endMs: 7_000 } as Message;
    const view = viewOf(status('live', 'Captions are on.'), before, after, gap);
    expect(linesOf(view).map(({ text }) => text)).toEqual(['before', 'Four seconds were lost.', 'after']);
    expect(linesOf(view)[1]).toMatchObject({ state: 'gap', speaker: 'Not heard' });
    expect(view.status?.kind).toBe('live');
  });

  it('leaves alone what it does not know', () => {
    const view = viewOf(transcript({}));
    expect(applyMessage(view, { type: 'applause' } as unknown as Message)).toBe(view);
  });

  it('leaves the view that it was given as it was', () => {
    const before = viewOf(transcript({ text: 'a' }));
    applyMessage(before, transcript({ text: 'b', revision: 2 }));
    expect(linesOf(before)[0]?.text).toBe('a');
  });
});
