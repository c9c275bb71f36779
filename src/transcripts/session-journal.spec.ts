import { describe, expect, it } from '@jest/globals';
import type { Message, TranscriptMessage } from '../../libs/protocol/message.js';
import { SessionJournal } from './session-journal.js';

const transcript = (seq: number, fields: Partial<TranscriptMessage> = {}): TranscriptMessage => ({
  v: 1,
  type: 'transcript',
  sessionId: 's',
  seq,
  segmentId: `u${seq}`,
  revision: 1,
  final: true,
  text: `text ${seq}`,
  language: 'en',
  speaker: null,
  confidence: 1,
  startMs: seq * 1000,
  endMs: seq * 1000 + 500,
  startedAt: '2026-01-01T10:00:00.000Z',
  words: [{ text: 'text', startMs: 0, endMs: 1, confidence: 1 }],
  source: 'server',
  ...fields,
});
const seqs = (messages: readonly Message[]): number[] => messages.map(({ seq }) => seq);

describe('SessionJournal', () => {
  it('knows which segments have no final yet, by their last partial', () => {
    const journal = new SessionJournal('s');
    journal.append(transcript(1, { segmentId: 'a', final: false }));
    journal.append(transcript(2, { segmentId: 'a', final: false, revision: 2 }));
    journal.append(transcript(3, { segmentId: 'b', final: false }));
    journal.append(transcript(4, { segmentId: 'b' }));
    journal.append(transcript(5, { segmentId: 'c', final: false }));
    journal.append(transcript(6, { segmentId: 'c', text: '' }));
    expect(seqs(journal.openSegments)).toEqual([2]);
    expect(journal.lastSeq).toBe(6);
  });

  it('gives a reader who comes back what it missed, as far back as it goes', () => {
    const journal = new SessionJournal('s');
    for (let seq = 1; seq <= 600; seq++) journal.append(transcript(seq));
    expect(journal.firstSeq).toBe(101);
    expect(seqs(journal.since(598))).toEqual([599, 600]);
    expect(journal.since(0)).toHaveLength(500);
  });

  it('holds little of a session that is over, and has its snapshot and its end', () => {
    const journal = new SessionJournal('s');
    for (let seq = 1; seq <= 100; seq++) journal.append(transcript(seq));
    journal.append({ v: 1, type: 'status', sessionId: 's', seq: 101, status: 'ended', message: 'Over.' });
    expect([journal.firstSeq, journal.lastSeq, journal.ended]).toEqual([52, 101, true]);
    expect(journal.snapshot()?.segments).toHaveLength(20);
    journal.append(transcript(102));
    expect(seqs(journal.since(0))).toEqual(Array.from({ length: 50 }, (_, nth) => 53 + nth));
  });

  it('goes on from its past', () => {
    const journal = new SessionJournal('s', [transcript(7), transcript(8, { final: false })]);
    expect([journal.firstSeq, journal.lastSeq]).toEqual([7, 8]);
    expect(seqs(journal.openSegments)).toEqual([8]);
  });

  it('has a snapshot of the last finals without word times, or none', () => {
    const journal = new SessionJournal('s');
    expect(journal.snapshot()).toBeUndefined();
    for (let seq = 1; seq <= 30; seq++) journal.append(transcript(seq));
    const snapshot = journal.snapshot();
    expect(snapshot?.seq).toBe(30);
    expect(snapshot?.segments.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, n) => `text ${n + 11}`));
    expect(snapshot?.segments[0]).not.toHaveProperty('words');
  });

  it('tells followers until they leave, and knows its end', () => {
    const journal = new SessionJournal('s');
    const heard: number[] = [];
    const unfollow = journal.follow(({ seq }) => heard.push(seq));
    journal.append(transcript(1));
    unfollow();
    journal.append({ v: 1, type: 'status', sessionId: 's', seq: 2, status: 'ended', message: 'Over.' });
    expect(heard).toEqual([1]);
    expect(journal.ended).toBe(true);
  });
});
