import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { TranscriptMessage } from '../../libs/protocol/message.js';
import { parseConfig } from '../config/parse-config.js';
import { SessionLive, TranscriptReady } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { ManualClock } from '../media/manual-clock.spec-kit.js';
import { Metrics } from '../metrics/metrics.js';
import type { MessageJournal } from '../transcripts/message-journal.port.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { TranscriptGates } from '../publisher/transcript-gates.port.js';
import { ClientTranscriptsService } from './client-transcripts.service.js';

const config = parseConfig({
  LIVEKIT_API_KEY: 'key',
  LIVEKIT_API_SECRET: 'secret',
  LIVEKIT_HTTP_URL: 'http://127.0.0.1:1',
  GLADIA_API_KEY: 'key',
});
const alice = { identity: 'alice', name: 'Alice' };
const hello = { segmentId: 'one', final: true, text: 'Hello there.', revision: 1 };

describe('ClientTranscriptsService', () => {
  let events: EventBus;
  let told: TranscriptMessage[];
  let ready: TranscriptReady['segment'][];
  let service: ClientTranscriptsService;

  beforeEach(() => {
    events = new EventBus(new EventEmitter2());
    told = [];
    ready = [];
    const journal = { leftBehind: () => ({ told }) } as unknown as MessageJournal;
    const troubles = new SessionProblems(events);
    const [gates, reports, clock] = [new TranscriptGates(), new SessionReports(), new ManualClock()];
    service = new ClientTranscriptsService(config, events, gates, reports, troubles, clock, journal, new Metrics());
    service.onModuleInit();
    events.on(TranscriptReady, ({ segment }) => void ready.push(segment));
  });
  afterEach(() => {
    service.onApplicationShutdown();
  });

  const live = (): void => events.publish(new SessionLive('s', 'r', Date.now(), { spoken: [], translateTo: [] }));
  const send = (): string | undefined => {
    const status = service.session('s')?.receive(alice, hello).status;
    service.tell('s');
    return status;
  };

  it('tells a final once, also where its request is repeated to the next run of the service', () => {
    live();
    expect([send(), send(), ready.length]).toEqual(['published', 'published', 1]);
    const { words, candidates: _, ...segment } = ready[0]!;
    const startedAt = new Date().toISOString();
    told.push({ v: 1, type: 'transcript', sessionId: 's', seq: 1, startedAt, ...segment, words: [...words] });
    live();
    expect([send(), ready.length]).toEqual(['published', 1]);
  });
});
