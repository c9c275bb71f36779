import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Segment } from './normalized-words.js';
import { TranscriptMerger, type SegmentOutcome } from './transcript-merger.js';

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

describe('SessionSeam', () => {
  let seam: TranscriptMerger;
  let isCovered: boolean;
  let fates: SegmentOutcome[];
  let read: Map<string, string>;

  const tell = (told: readonly Segment[]): void => {
    for (const { segmentId, text, final } of told) read.set(segmentId, final ? text : `${text}…`);
  };
  const browser = (id: string, text: string, endMs: number, more: Partial<Segment> = {}): SegmentOutcome => {
    const fate = seam.addClientSegment(more.speaker?.identity ?? 'alice', segment(`c.${id}`, text, endMs, more), endMs);
    tell(seam.takeReady());
    return fate;
  };
  const server = (id: string, text: string, saidMs: number, more: Partial<Segment> = {}): void =>
    tell(
      seam.addServerSegment(segment(id, text, saidMs + LAG_MS, { source: 'server', ...more }), saidMs + LAG_MS + 1_000),
    );
  const look = (nowMs: number): void => {
    seam.advance(nowMs);
    tell(seam.takeReady());
  };
  /** What stands on the screen, withdrawn segments left out. */
  const screen = (): string[] => [...read.values()].filter((text) => text !== '');

  beforeEach(() => {
    isCovered = true;
    fates = [];
    read = new Map();
    seam = new TranscriptMerger(
      {
        covers: () => isCovered,
        get isWell() {
          return isCovered;
        },
      },
      180_000,
      (fate) => void fates.push(fate),
    );
  });

  it('holds what the server covers, and drops it when the server has said it in other letters', () => {
    expect(browser('1', 'the first train leaves at 7 in the morning', 10_000)).toBe('held');
    expect(screen()).toEqual([]);
    server('1.1', FIRST, 10_000);
    look(60_000);
    expect(screen()).toEqual([FIRST]);
    expect(fates).toEqual(['repeated']);
  });

  it('drops a sentence that came after the server’s final of it', () => {
    server('1.1', FIRST, 10_000);
    expect(browser('1', FIRST, 12_000)).toBe('repeated');
    expect(screen()).toEqual([FIRST]);
  });

  it('lets a sentence through that the server did not hear, after a while', () => {
    browser('1', FIRST, 10_000);
    look(17_900);
    expect(screen()).toEqual([]);
    look(18_100);
    expect(screen()).toEqual([FIRST]);
  });

  it('takes what the server heard quite differently at that time for the same, and only once', () => {
    browser('1', 'hold a k tall', 10_000);
    browser('2', SECOND, 11_000);
    server('1.1', 'Hola, ¿qué tal estás?', 10_000);
    look(19_500);
    expect(screen()).toEqual(['Hola, ¿qué tal estás?', SECOND]);
  });

  it('waits for the server to finish a long utterance', () => {
    browser('1', FIRST, 10_000);
    server('1.1', 'The first train leaves', 9_000, { final: false });
    look(20_000);
    expect(screen()).toEqual(['The first train leaves…']);
    server('1.1', `${FIRST} ${SECOND}`, 14_000, { revision: 2 });
    look(60_000);
    expect(screen()).toEqual([`${FIRST} ${SECOND}`]);
  });

  it('lets browsers through at once while the server is away, and suppresses what it says later', () => {
    isCovered = false;
    expect(browser('1', 'The first train', 8_000, { final: false })).toBe('published');
    expect(screen()).toEqual(['The first train…']);
    browser('1', FIRST, 10_000, { revision: 2 });
    isCovered = true;
    server('1.1', 'the first train leaves', 9_000, { final: false });
    server('1.1', FIRST, 10_000, { revision: 2 });
    server('2.1', SECOND, 16_000);
    look(60_000);
    expect(screen()).toEqual([FIRST, SECOND]);
    expect([seam.isUnchanged('1.1'), seam.isUnchanged('2.1')]).toEqual([false, true]);
  });

  it('lets out what is held when the server goes away, and takes back the partial in which the server stopped', () => {
    server('1.1', 'The first train leaves at', 9_000, { final: false });
    expect(browser('1', FIRST, 10_000)).toBe('held');
    isCovered = false;
    look(10_500);
    expect(screen()).toEqual(['The first train leaves at…']);
    look(18_500);
    expect(screen()).toEqual([FIRST]);
    server('1.1', FIRST, 10_000, { revision: 2 });
    expect(screen()).toEqual([FIRST]);
  });

  it('cuts from the server’s utterance what a browser has said, and shows the rest', () => {
    isCovered = false;
    browser('1', FIRST, 10_000);
    isCovered = true;
    server('1.1', `${FIRST} ${SECOND}`, 13_000);
    expect(screen()).toEqual([FIRST, SECOND]);
  });

  it('shows what a used-up segment goes on to say under another id', () => {
    server('1.1', 'The first train leaves at', 9_000, { final: false });
    isCovered = false;
    browser('1', FIRST, 10_000);
    look(18_500);
    server('1.1', `${FIRST} ${SECOND}`, 14_000, { revision: 2 });
    expect(screen()).toEqual([FIRST, SECOND]);
    expect([...read.keys()]).toEqual(['1.1', 'c.1', '1.1r1']);
  });

  it('finishes on screen what a browser began there, also when the server is back', () => {
    isCovered = false;
    browser('1', 'The first train', 8_000, { final: false });
    isCovered = true;
    expect(browser('1', FIRST, 10_000, { revision: 2 })).toBe('published');
    server('1.1', FIRST, 10_000);
    expect(screen()).toEqual([FIRST]);
  });

  it('finishes what a browser left open', () => {
    isCovered = false;
    browser('1', 'The first train', 8_000, { final: false });
    look(18_500);
    expect(screen()).toEqual(['The first train']);
    expect(seam.isNew('c.1', 7)).toBe(false);
  });

  it('keeps two people apart who say the same', () => {
    isCovered = false;
    browser('1', FIRST, 10_000);
    server('1.1', FIRST, 10_000, { speaker: { identity: 'bob', name: 'Bob', trackSid: 'TR_b' } });
    expect(screen()).toEqual([FIRST, FIRST]);
  });

  it('knows the sentence again where the server is unsure who said it', () => {
    isCovered = false;
    browser('1', FIRST, 10_000);
    const candidates = [{ identity: 'alice', name: 'Alice', trackSid: 'TR_a' }];
    server('1.1', FIRST, 10_000, { speaker: null, candidates });
    expect(screen()).toEqual([FIRST]);
  });

  it('shows a sentence twice that was said twice', () => {
    isCovered = false;
    browser('1', FIRST, 10_000);
    isCovered = true;
    server('1.1', FIRST, 10_000);
    server('2.1', FIRST, 13_500);
    expect(screen()).toEqual([FIRST, FIRST]);
  });

  it('tells at the end what the server never said', () => {
    browser('1', FIRST, 10_000);
    browser('2', 'We should', 11_000, { final: false });
    server('1.1', FIRST, 10_000);
    seam.end();
    tell(seam.takeReady());
    expect(screen()).toEqual([FIRST, 'We should']);
  });

  it('answers who repeats a final after a restart, and tells it no second time', () => {
    seam.restore([segment('c.1', FIRST, 10_000)], 12_000);
    expect([seam.isNew('c.1', 1), seam.isNew('c.1', undefined), seam.outcomeOf('c.1')]).toEqual([
      false,
      false,
      'published',
    ]);
    look(60_000);
    server('1.1', FIRST, 10_000);
    expect(screen()).toEqual([]);
  });

  it('goes on after a restart with what a browser had begun, and finishes what it has left', () => {
    const open = { final: false, revision: 3 };
    seam.restore([segment('c.1', 'The first train', 8_000, open), segment('c.2', 'We should', 8_000, open)], 9_000);
    expect(browser('1', FIRST, 10_000, { revision: 4 })).toBe('published');
    look(18_900);
    expect(screen()).toEqual([FIRST]);
    look(19_100);
    expect(screen()).toEqual([FIRST, 'We should']);
  });

  it('knows after a restart what the server had said', () => {
    seam.restore([segment('1.1', FIRST, 13_000, { source: 'server' })], 14_000);
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
