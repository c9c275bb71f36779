import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { TranscriptMessage } from '../../libs/protocol/message.js';
import {
  SessionLive,
  TranscriptionStatusChanged,
  TranscriptReady,
  TranslationReady,
  type TranscriptSegment,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { ManualClock } from '../media/manual-clock.spec-kit.js';
import { Metrics } from '../metrics/metrics.js';
import { SessionPublisher } from '../publisher/session-publisher.port.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import type { MessageJournal } from '../transcripts/message-journal.port.js';
import { MergeService } from './merge.service.js';

const config = { audioLogS: 120, spillS: 0, spillDirectory: '' };

const segment = (segmentId: string, text: string, more: Partial<TranscriptSegment> = {}): TranscriptSegment => ({
  segmentId,
  revision: 1,
  final: true,
  text,
  language: 'en',
  speaker: { identity: 'alice', name: 'Alice', trackSid: 'TR_a' },
  candidates: [],
  confidence: 1,
  startMs: 1_000,
  endMs: 3_000,
  words: [],
  source: 'server',
  ...more,
});

class RecordingPublisher extends SessionPublisher {
  readonly published: string[] = [];
  readonly segments: TranscriptSegment[] = [];

  override publishSegment(_: string, published: TranscriptSegment): void {
    this.segments.push(published);
    this.published.push(`${published.segmentId}: ${published.text}${published.final ? '' : '…'}`);
  }

  override publishTranslation({ segmentId, text }: TranslationReady): void {
    this.published.push(`translation of ${segmentId}: ${text}`);
  }

  override publishStatus({ status }: TranscriptionStatusChanged): void {
    this.published.push(status);
  }
}

describe('MergeService', () => {
  let events: EventBus;
  let publisher: RecordingPublisher;
  let recovered: TranscriptMessage[];
  let service: MergeService;

  beforeEach(() => {
    events = new EventBus(new EventEmitter2());
    publisher = new RecordingPublisher();
    recovered = [];
    const journal = { recovered: () => ({ emitted: recovered }) } as unknown as MessageJournal;
    const [problems, clock] = [new SessionProblems(events), new ManualClock()];
    service = new MergeService(config, events, publisher, problems, clock, journal, new Metrics());
    service.onModuleInit();
  });
  afterEach(() => {
    service.onApplicationShutdown();
  });

  const live = (): void => events.publish(new SessionLive('s', 'r', Date.now(), { spoken: [], translateTo: [] }));
  const ended = (): void => events.publish(new TranscriptionStatusChanged('s', 'ended', 'Over.'));
  const fromServer = (id: string, text: string): void => events.publish(new TranscriptReady('s', segment(id, text)));
  const fromBrowser = (id: string, text: string, isCovered: boolean): string =>
    service.add('s', segment(id, text, { source: 'client' }), isCovered);

  it('publishes the segments of engines and browsers in one order, each sentence once', () => {
    live();
    fromServer('1.0', 'The first train leaves at seven.');
    expect(fromBrowser('c.1', 'the first train leaves at seven', true)).toBe('repeated');
    expect(fromBrowser('c.2', 'We meet in front of the library.', false)).toBe('published');
    fromServer('2.0', 'We meet in front of the library.');
    expect(publisher.published).toEqual([
      '1.0: The first train leaves at seven.',
      'c.2: We meet in front of the library.',
    ]);
  });

  it('publishes what was held before the last status, and late words of the engine after it', () => {
    live();
    expect(fromBrowser('c.1', 'We meet in front of the library.', true)).toBe('held');
    ended();
    fromServer('9.0', 'late');
    expect(publisher.published).toEqual(['c.1: We meet in front of the library.', 'ended', '9.0: late']);
    expect(service.outcomeOf('s', 'c.1')).toBeUndefined();
  });

  it('holds back a translation of a segment that was not published as it was', () => {
    live();
    fromBrowser('c.1', 'The first train leaves at seven', false);
    fromServer('1.0', 'The first train leaves at seven.');
    fromServer('2.0', 'We meet in front of the library.');
    for (const id of ['1.0', '2.0']) events.publish(new TranslationReady('s', id, 'fr', `fr ${id}`));
    expect(publisher.published.at(-1)).toBe('translation of 2.0: fr 2.0');
    expect(publisher.published.filter((line) => line.startsWith('translation'))).toHaveLength(1);
  });

  it('publishes a final once, also where its request is repeated to the next run of the service', () => {
    live();
    expect([fromBrowser('c.1', 'Hello there.', false), publisher.segments.length]).toEqual(['published', 1]);
    const { words, candidates: _, ...published } = publisher.segments[0]!;
    const startedAt = new Date().toISOString();
    recovered.push({ v: 1, type: 'transcript', sessionId: 's', seq: 1, startedAt, ...published, words: [...words] });
    live();
    expect([service.isNew('s', 'c.1', 2), service.outcomeOf('s', 'c.1')]).toEqual([false, 'published']);
  });
});
