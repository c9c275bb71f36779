import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useVirtualTime } from '../testing/virtual-time.spec-kit.js';
import { FakeRoom } from './fake-room.spec-kit.js';
import { FakeService } from './fake-service.spec-kit.js';
import { createTranscript, type Message, type Segment, type Transcript } from './index.js';
import { MessageMaker } from './messages.spec-kit.js';

const LISTENERS = 50;
const SEGMENTS = 120;
const LOSS = 0.2;
const GAPS = 3;
const AWAY_MESSAGES = 60;

useVirtualTime();

/** The same numbers between 0 and 1 in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A meeting: each segment in two interims and a final, every third translated, every fifth taken back. */
function meeting(make: MessageMaker): Message[] {
  return Array.from({ length: SEGMENTS }, (_, n): Message[] => {
    const [id, startMs] = [`u${n}`, n * 1_000];
    const interims = [1, 2].map((revision) => make.interim(id, `word ${revision}`, revision, { startMs }));
    const final = make.transcript(id, n % 5 === 4 ? '' : `Sentence ${n}.`, { startMs, revision: 3 });
    const translations = n % 3 === 0 && n % 5 !== 4 ? [make.translation(id, 'fr', `Phrase ${n}.`)] : [];
    const gap = n % 40 === 7 ? [make.status('gap', 'Missing.', { startMs, endMs: startMs + 500 })] : [];
    return [...interims, final, ...translations, ...gap];
  }).flat();
}

interface Listener {
  readonly room: FakeRoom;
  readonly transcript: Transcript;
  /** Where among the messages the connection is lost; it is back after 60 more. */
  readonly leavesAt: number;
}

describe('50 listeners, of whom 20 % of the packets never reach', () => {
  const service = new FakeService();
  let api: string;

  beforeAll(async () => {
    api = await service.listen();
  });
  afterAll(() => service.close());

  it('end with what is stored, also the half that reconnects', async () => {
    const make = new MessageMaker();
    const messages = [...meeting(make), make.status('ended', 'The session has ended.')];
    const random = randomNumbers(7);
    service.running = make.sessionId;
    const listeners = Array.from({ length: LISTENERS }, (_, n): Listener => {
      const room = new FakeRoom();
      const leavesAt = n % 2 === 0 ? Infinity : Math.floor(random() * (messages.length - AWAY_MESSAGES));
      return { room, transcript: createTranscript(room, { api }), leavesAt };
    });

    let delivered = 0;
    for (const [place, message] of messages.entries()) {
      service.publish(message);
      for (const { room, leavesAt } of listeners) {
        if (place === leavesAt) room.emit('reconnecting');
        if (place === leavesAt + AWAY_MESSAGES) room.emit('reconnected');
        const isAway = place >= leavesAt && place < leavesAt + AWAY_MESSAGES;
        if (isAway || random() < LOSS) continue;
        room.receive(message);
        delivered += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    expect(delivered / (LISTENERS * messages.length)).toBeLessThan(1 - LOSS);

    const stored = storedIn(service.stored.get(make.sessionId) ?? []);
    expect(stored).toHaveLength(SEGMENTS);
    await Promise.all(listeners.map(({ transcript }) => hasAll(transcript, stored)));
    for (const { transcript } of listeners) {
      expect(transcript.segments.map(shown)).toEqual(stored);
      expect(transcript.gaps.map(({ startMs }) => startMs)).toEqual([7_000, 47_000, 87_000]);
      expect(transcript.status.status).toBe('ended');
      transcript.close();
    }
  });
});

const shown = ({ segmentId, text, final, translations }: Segment): object => ({ segmentId, text, final, translations });

function storedIn(messages: readonly Message[]): object[] {
  const french = new Map(
    messages.flatMap((each) => (each.type === 'translation' ? [[each.segmentId, each.text]] : [])),
  );
  return messages.flatMap((each) => {
    if (each.type !== 'transcript') return [];
    const { segmentId, text, final } = each;
    const fr = french.get(segmentId);
    return [{ segmentId, text, final, translations: fr === undefined ? {} : { fr } }];
  });
}

/** Resolves as soon as the transcript is as stored: its last words may be among the packets that were lost. */
const hasAll = (transcript: Transcript, stored: readonly object[]): Promise<void> =>
  new Promise((resolve) => {
    const wanted = JSON.stringify(stored);
    const check = (): void => {
      const isComplete = transcript.status.status === 'ended' && transcript.gaps.length === GAPS;
      if (isComplete && JSON.stringify(transcript.segments.map(shown)) === wanted) resolve();
    };
    transcript.subscribe(check);
    check();
  });
