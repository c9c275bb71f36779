import { describe, expect, it } from '@jest/globals';
import { decode } from '../../libs/protocol/codec.js';
import type { Message, TranscriptMessage } from '../../libs/protocol/message.js';
import { MessageJournal, type RecoveredMessages } from '../transcripts/message-journal.port.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import type { Packet } from './data-channel.js';
import { Publication } from './publication.js';

useVirtualTime();

const transcript = (seq: number, fields: Partial<TranscriptMessage> = {}): TranscriptMessage => ({
  v: 1,
  type: 'transcript',
  sessionId: 's',
  seq,
  segmentId: '7.1',
  revision: 3,
  final: false,
  text: 'what was',
  language: 'en',
  speaker: null,
  confidence: 1,
  startMs: 0,
  endMs: 1,
  startedAt: '2026-01-01T10:00:00.000Z',
  source: 'server',
  ...fields,
});

/** A journal that takes its time, and may have a past. */
class SlowJournal extends MessageJournal {
  override numbered(): Promise<never[]> {
    return Promise.resolve([]);
  }

  readonly appended: { seq: number; deliveredSeq: number }[] = [];
  readonly written: (() => void)[] = [];

  constructor(private readonly left?: RecoveredMessages) {
    super();
  }

  override append({ seq }: Message, deliveredSeq: number): Promise<void> {
    this.appended.push({ seq, deliveredSeq });
    return new Promise((resolve) => this.written.push(resolve));
  }

  override snapshot(): undefined {
    return undefined;
  }

  override lastSeq(): number {
    return this.left?.undelivered.at(-1)?.seq ?? 0;
  }

  override resume(): Promise<RecoveredMessages> {
    return Promise.reject(new Error('not asked'));
  }

  override recovered(): RecoveredMessages | undefined {
    return this.left;
  }
}

const publish = (journal: MessageJournal, sent: Packet[], interimGapMs = 0): Publication =>
  new Publication({
    sessionId: 's',
    liveAtUnixMs: 0,
    journal,
    send: (packet) => Promise.resolve(void sent.push(packet)),
    interimGapMs: () => interimGapMs,
    onPublished: () => undefined,
    onLost: () => undefined,
    onDelivered: () => undefined,
  });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Publication', () => {
  const status = { v: 1, type: 'status', sessionId: 's', status: 'live', message: 'Captions are on.' } as const;

  it('sends no message before it is stored, and stores what was delivered by then', async () => {
    const [journal, sent] = [new SlowJournal(), [] as Packet[]];
    const publication = publish(journal, sent);
    publication.publish(status);
    await settled();
    expect(sent).toEqual([]);
    journal.written.shift()?.();
    await publication.idle();
    publication.publish(status);
    expect(sent.map(({ seq }) => seq)).toEqual([1]);
    expect(journal.appended).toEqual([
      { seq: 1, deliveredSeq: 0 },
      { seq: 2, deliveredSeq: 1 },
    ]);
  });

  it('stores messages after the last one, and sends them to nobody', async () => {
    const [journal, sent] = [new SlowJournal(), [] as Packet[]];
    const publication = publish(journal, sent);
    publication.publish({ ...status, status: 'ended' });
    publication.publish(transcript(2));
    for (const written of journal.written) written();
    await publication.idle();
    await settled();
    expect(sent.map(({ seq }) => seq)).toEqual([1]);
    expect(journal.appended.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('goes on after a crash: sends again what may be missing, as the same packet, and finishes what was open', async () => {
    const [before, sentBefore] = [new SlowJournal(), [] as Packet[]];
    const earlier = publish(before, sentBefore);
    for (let seq = 1; seq <= 5; seq++) earlier.publish(status);
    for (const written of before.written) written();
    await earlier.idle();

    const undelivered = [transcript(4), transcript(5, { revision: 4 })];
    const openSegments = [undelivered[1]!];
    const left = { ended: false, lastUtterance: 7, lastWordsMs: 1, undelivered, openSegments, emitted: [] };
    const [journal, sent] = [new SlowJournal(left), [] as Packet[]];
    const publication = publish(journal, sent);
    publication.resume();
    publication.publish(status);
    for (const written of journal.written) written();
    await publication.idle();

    expect(sent.map(({ seq }) => seq)).toEqual([4, 5, 6, 7]);
    expect(sent.slice(0, 2).map(({ nonce }) => nonce)).toEqual(sentBefore.slice(3).map(({ nonce }) => nonce));
    expect(new Set(sent.map(({ nonce }) => Buffer.from(nonce).toString('hex'))).size).toBe(4);
    expect(decode(sent[2]!.bytes)).toMatchObject({ segmentId: '7.1', revision: 5, final: true, text: 'what was' });
    expect(journal.appended[0]).toEqual({ seq: 6, deliveredSeq: 3 });
  });

  it('sends fewer interims while LiveKit takes few packets, and every final', async () => {
    const [journal, sent] = [new SlowJournal(), [] as Packet[]];
    const publication = publish(journal, sent, Infinity);
    const interim = { supersedes: '7.1', supersededBy: '7.1' };
    publication.publish(transcript(0), interim);
    publication.publish(transcript(0), interim);
    publication.publish(transcript(0, { final: true }), { supersedes: '7.1' });
    publication.publish(transcript(0), interim);
    for (const written of journal.written) written();
    await publication.idle();
    expect(sent.map(({ seq }) => seq)).toEqual([1, 3, 4]);
    expect(publication.report).toEqual({ messages: 4, undelivered: 0 });
  });
});
