import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { Message } from '../../libs/protocol/message.js';
import {
  MessagePublished,
  SessionLive,
  TranscriptionStatusChanged,
  TranslationReady,
  type TranscriptSegment,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { Metrics } from '../metrics/metrics.js';
import { SessionReportReader } from '../sessions/session-report-reader.js';
import { SessionStates } from '../sessions/session-states.port.js';
import type { MessageJournal } from '../transcripts/message-journal.port.js';
import { DataChannel } from './data-channel.js';
import { AudioLatencies } from './audio-latency.js';
import { PublisherService } from './publisher.service.js';
import { TranscriptHooks } from './transcript-hooks.port.js';

const segment = (text: string, more: Partial<TranscriptSegment> = {}): TranscriptSegment => ({
  segmentId: '1.0',
  revision: 1,
  final: true,
  text,
  language: 'en',
  speaker: null,
  candidates: [],
  confidence: 1,
  startMs: 1_000,
  endMs: 3_000,
  words: [{ text, startMs: 1_000, endMs: 3_000, confidence: 1 }],
  source: 'server',
  ...more,
});

/** Redacts one word, and holds back what is only that word. */
const redactor = {
  segment: (_: string, said: TranscriptSegment): TranscriptSegment | undefined => {
    if (said.text === 'secret') return undefined;
    if (!said.text.includes('secret')) return said;
    return { ...said, text: said.text.replace('secret', '***'), words: [] };
  },
};

class OpenChannel extends DataChannel {
  override send(): Promise<void> {
    return Promise.resolve();
  }
}

const CONFIG = { topic: 'transcription', interimsEveryMs: 0, egressLatencyMs: undefined };

describe('PublisherService', () => {
  let publisher: PublisherService;
  let hooks: TranscriptHooks;
  let stored: Message[];
  let emitted: MessagePublished[];

  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const events = new EventBus(new EventEmitter2());
    stored = [];
    emitted = [];
    hooks = new TranscriptHooks();
    const journal = {
      lastSeq: () => 0,
      recovered: () => undefined,
      append: (message: Message) => Promise.resolve(void stored.push(message)),
    } as unknown as MessageJournal;
    const channel = new OpenChannel();
    const [reports, states] = [new SessionReportReader(), new SessionStates()];
    const latencies = new AudioLatencies(CONFIG, states);
    publisher = new PublisherService(
      CONFIG,
      events,
      channel,
      journal,
      reports,
      hooks,
      states,
      latencies,
      new Metrics(),
    );
    publisher.onModuleInit();
    events.on(MessagePublished, (published) => void emitted.push(published));
    events.publish(new SessionLive('s', 'room', 0, { spoken: [], translateTo: [] }));
  });

  const texts = (): string[] => stored.map((message) => (message.type === 'transcript' ? message.text : message.type));

  it('emits what it publishes, frozen, with session, room, number and times', () => {
    publisher.publishSegment('s', segment('Hello'));
    expect(emitted).toMatchObject([
      { sessionId: 's', room: 'room', seq: 1, message: { text: 'Hello', startMs: 1_000 } },
    ]);
    expect(emitted[0]!.message).toBe(stored[0]);
    const { message } = emitted[0]!;
    expect([message, message.type === 'transcript' && message.words?.[0]].every(Object.isFrozen)).toBe(true);
  });

  it('publishes what a hook makes of a segment: in the store, to listeners, and not in any translation', () => {
    hooks.add(redactor);
    publisher.publishSegment('s', segment('the secret word', { final: false }));
    publisher.publishSegment('s', segment('the secret word', { revision: 2 }));
    publisher.publishSegment('s', segment('hello', { segmentId: '2.0' }));
    for (const id of ['1.0', '2.0']) publisher.publishTranslation(new TranslationReady('s', id, 'fr', `fr of ${id}`));
    expect(texts()).toEqual(['the *** word', 'the *** word', 'hello', 'translation']);
    expect(stored.at(-1)).toMatchObject({ segmentId: '2.0' });
    expect(emitted.map(({ message }) => message)).toEqual(stored);
    expect(JSON.stringify(stored)).not.toContain('secret');
  });

  it('retracts the partial of a final that is held back, and takes no number for what the room never had', () => {
    hooks.add(redactor);
    publisher.publishSegment('s', segment('sec', { final: false }));
    publisher.publishSegment('s', segment('secret', { revision: 2 }));
    publisher.publishSegment('s', segment('secret', { segmentId: '2.0' }));
    expect(stored).toMatchObject([
      { seq: 1, text: 'sec', final: false },
      { seq: 2, text: '', final: true, revision: 2, segmentId: '1.0' },
    ]);
    expect(stored).toHaveLength(2);
  });

  it('holds back what a hook fails on, and goes on', () => {
    hooks.add({
      segment: (_, said) => {
        if (said.text === 'odd') throw new Error('no');
        return said;
      },
    });
    for (const text of ['odd', 'even']) publisher.publishSegment('s', segment(text, { segmentId: text }));
    expect(texts()).toEqual(['even']);
  });

  it('keeps late finals for the history, after the last message to the room', () => {
    publisher.publishStatus(new TranscriptionStatusChanged('s', 'ended', 'Over.'));
    publisher.publishSegment('s', segment('late'));
    expect(stored).toMatchObject([{ status: 'ended' }, { seq: 2, text: 'late' }]);
  });
});
