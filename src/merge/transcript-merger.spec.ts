import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TranscriptSegment as Segment } from '../events/domain-events.js';
import type { SegmentOutcome } from './client-segments.port.js';
import { TranscriptMerger } from './transcript-merger.js';

const FIRST = 'The first train leaves at seven in the morning.';
const SECOND = 'We should all meet in front of the library.';
const LAG_MS = 3_000;

const segment = (segmentId: string, text: string, endMs: number, more: Partial<Segment> = {}): Segment => ({
  segmentId,
  revision: 1,
  final: true,
  text,
  language: 'en',
  speaker: { identity: 'alice', name: 'Alice', trackSid: 'TR_a' },
  candidates: [],
  confidence: 1,
  startMs: endMs - text.length * 65,
  endMs,
  words: [],
  source: 'client',
  ...more,
});

describe('TranscriptMerger', () => {
  let merger: TranscriptMerger;
  let isCovered: boolean;
  let outcomes: SegmentOutcome[];
  let read: Map<string, string>;

  const publish = (segments: readonly Segment[]): void => {
    for (const { segmentId, text, final } of segments) read.set(segmentId, final ? text : `${text}…`);
  };
  const browser = (id: string, text: string, endMs: number, more: Partial<Segment> = {}): SegmentOutcome => {
    const outcome = merger.addClientSegment(segment(`c.${id}`, text, endMs, more), isCovered, endMs);
    publish(merger.takeReady());
    return outcome;
  };
  const server = (id: string, text: string, saidMs: number, more: Partial<Segment> = {}): void =>
    publish(
      merger.addServerSegment(
        segment(id, text, saidMs + LAG_MS, { source: 'server', ...more }),
        saidMs + LAG_MS + 1_000,
      ),
    );
  const advance = (nowMs: number): void => {
    merger.advance(nowMs);
    publish(merger.takeReady());
  };
  /** The lines on the screen, without retracted segments. */
  const screen = (): string[] => [...read.values()].filter((text) => text !== '');

  beforeEach(() => {
    isCovered = true;
    outcomes = [];
    read = new Map();
    merger = new TranscriptMerger(
      () => isCovered,
      180_000,
      (outcome) => void outcomes.push(outcome),
    );
  });

  it('holds a segment while the server covers its speaker, and drops it when the server publishes the same words in other spelling', () => {
    expect(browser('1', 'the first train leaves at 7 in the morning', 10_000)).toBe('held');
    expect(screen()).toEqual([]);
    server('1.1', FIRST, 10_000);
    advance(60_000);
    expect(screen()).toEqual([FIRST]);
    expect(outcomes).toEqual(['repeated']);
  });

  it('drops a sentence that came after the server’s final of it', () => {
    server('1.1', FIRST, 10_000);
    expect(browser('1', FIRST, 12_000)).toBe('repeated');
    expect(screen()).toEqual([FIRST]);
  });

  it('publishes a sentence that the server did not transcribe, after a while', () => {
    browser('1', FIRST, 10_000);
    advance(17_900);
    expect(screen()).toEqual([]);
    advance(18_100);
    expect(screen()).toEqual([FIRST]);
  });

  it('counts different words of the server at the same time as the same sentence, and only once', () => {
    browser('1', 'hold a k tall', 10_000);
    browser('2', SECOND, 11_000);
    server('1.1', 'Hola, ¿qué tal estás?', 10_000);
    advance(19_500);
    expect(screen()).toEqual(['Hola, ¿qué tal estás?', SECOND]);
  });

  it('waits for the server to finish a long utterance', () => {
    browser('1', FIRST, 10_000);
    server('1.1', 'The first train leaves', 9_000, { final: false });
    advance(20_000);
    expect(screen()).toEqual(['The first train leaves…']);
    server('1.1', `${FIRST} ${SECOND}`, 14_000, { revision: 2 });
    advance(60_000);
    expect(screen()).toEqual([`${FIRST} ${SECOND}`]);
  });

  it('publishes browsers’ segments at once while the server is away, and suppresses its own later ones', () => {
    isCovered = false;
    expect(browser('1', 'The first train', 8_000, { final: false })).toBe('published');
    expect(screen()).toEqual(['The first train…']);
    browser('1', FIRST, 10_000, { revision: 2 });
    isCovered = true;
    server('1.1', 'the first train leaves', 9_000, { final: false });
    server('1.1', FIRST, 10_000, { revision: 2 });
    server('2.1', SECOND, 16_000);
    advance(60_000);
    expect(screen()).toEqual([FIRST, SECOND]);
    expect([merger.isUnchanged('1.1'), merger.isUnchanged('2.1')]).toEqual([false, true]);
  });

  it('publishes held segments when the server goes away, and retracts the partial in which the server stopped', () => {
    server('1.1', 'The first train leaves at', 9_000, { final: false });
    expect(browser('1', FIRST, 10_000)).toBe('held');
    isCovered = false;
    advance(10_500);
    expect(screen()).toEqual(['The first train leaves at…']);
    advance(18_500);
    expect(screen()).toEqual([FIRST]);
    server('1.1', FIRST, 10_000, { revision: 2 });
    expect(screen()).toEqual([FIRST]);
  });

  it('removes from the server’s utterance what a browser has published, and publishes the rest', () => {
    isCovered = false;
    browser('1', FIRST, 10_000);
    isCovered = true;
    server('1.1', `${FIRST} ${SECOND}`, 13_000);
    expect(screen()).toEqual([FIRST, SECOND]);
  });

  it('publishes later revisions of a retracted segment under another id', () => {
    server('1.1', 'The first train leaves at', 9_000, { final: false });
    isCovered = false;
    browser('1', FIRST, 10_000);
    advance(18_500);
    server('1.1', `${FIRST} ${SECOND}`, 14_000, { revision: 2 });
    expect(screen()).toEqual([FIRST, SECOND]);
    expect([...read.keys()]).toEqual(['1.1', 'c.1', '1.1r1']);
  });

  it('completes a segment that a browser began, also when the server is back', () => {
    isCovered = false;
    browser('1', 'The first train', 8_000, { final: false });
    isCovered = true;
    expect(browser('1', FIRST, 10_000, { revision: 2 })).toBe('published');
    server('1.1', FIRST, 10_000);
    expect(screen()).toEqual([FIRST]);
  });

  it('makes a final of a partial that a browser left open', () => {
    isCovered = false;
    browser('1', 'The first train', 8_000, { final: false });
    advance(18_500);
    expect(screen()).toEqual(['The first train']);
    expect(merger.isNew('c.1', 7)).toBe(false);
  });

  it('keeps two speakers apart who say the same', () => {
    isCovered = false;
    browser('1', FIRST, 10_000);
    server('1.1', FIRST, 10_000, { speaker: { identity: 'bob', name: 'Bob', trackSid: 'TR_b' } });
    expect(screen()).toEqual([FIRST, FIRST]);
  });

  it('recognises the sentence where the server is unsure who said it', () => {
    isCovered = false;
    browser('1', FIRST, 10_000);
    const candidates = [{ identity: 'alice', name: 'Alice', trackSid: 'TR_a' }];
    server('1.1', FIRST, 10_000, { speaker: null, candidates });
    expect(screen()).toEqual([FIRST]);
  });

  it('publishes a sentence twice that was said twice', () => {
    isCovered = false;
    browser('1', FIRST, 10_000);
    isCovered = true;
    server('1.1', FIRST, 10_000);
    server('2.1', FIRST, 13_500);
    expect(screen()).toEqual([FIRST, FIRST]);
  });

  it('publishes at the end what the server never published', () => {
    browser('1', FIRST, 10_000);
    browser('2', 'We should', 11_000, { final: false });
    server('1.1', FIRST, 10_000);
    merger.end();
    publish(merger.takeReady());
    expect(screen()).toEqual([FIRST, 'We should']);
  });

  it('gives the same answer to a final repeated after a restart, and publishes it no second time', () => {
    merger.restore([segment('c.1', FIRST, 10_000)], 12_000);
    expect([merger.isNew('c.1', 1), merger.isNew('c.1', undefined), merger.outcomeOf('c.1')]).toEqual([
      false,
      false,
      'published',
    ]);
    advance(60_000);
    server('1.1', FIRST, 10_000);
    expect(screen()).toEqual([]);
  });

  it('continues a browser’s open segment after a restart, and completes one that it has left', () => {
    const open = { final: false, revision: 3 };
    merger.restore([segment('c.1', 'The first train', 8_000, open), segment('c.2', 'We should', 8_000, open)], 9_000);
    expect(browser('1', FIRST, 10_000, { revision: 4 })).toBe('published');
    advance(18_900);
    expect(screen()).toEqual([FIRST]);
    advance(19_100);
    expect(screen()).toEqual([FIRST, 'We should']);
  });

  it('knows after a restart what the server had published', () => {
    merger.restore([segment('1.1', FIRST, 13_000, { source: 'server' })], 14_000);
    isCovered = false;
    expect(browser('1', FIRST, 12_000)).toBe('repeated');
    expect(screen()).toEqual([]);
  });

  it('compares words in scripts without spaces', () => {
    isCovered = false;
    browser('1', '今日はとても天気がいいですね', 10_000);
    isCovered = true;
    server('1.1', '今日はとても天気がいいですね。', 10_000);
    expect(screen()).toEqual(['今日はとても天気がいいですね']);
  });
});
