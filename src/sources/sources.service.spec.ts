import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { EgressConfig } from '../config/namespaces.js';
import {
  TrackTranscriptionChanged,
  SessionEnded,
  SessionLive,
  TrackPublished,
  TrackUnpublished,
  TranscriptionStatusChanged,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import type { AudioSourceChoice } from '../media/audio-source.js';
import type { TrackKind } from '../media/track-kind.js';
import { AudioSources } from './audio-sources.port.js';
import { SessionReportReader } from '../sessions/session-report-reader.js';
import { SessionStates } from '../sessions/session-states.port.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { ScriptedSlots } from './scripted-slots.spec-kit.js';
import { ScriptedSource } from './scripted-source.spec-kit.js';
import { SourcesService } from './sources.service.js';

useVirtualTime();

const config: EgressConfig = { websocketBaseUrl: '', maxConcurrent: 2, overflow: ['reject'], idleReleaseMs: 30_000 };
const settled = async (): Promise<void> => {
  for (let n = 0; n < 3; n++) await new Promise(setImmediate);
};

describe('SourcesService', () => {
  let events: EventBus;
  let reports: SessionReportReader;
  let states: SessionStates;
  let single: ScriptedSource;
  let participant: ScriptedSource;
  let service: SourcesService;
  let told: string[];

  beforeEach(() => {
    events = new EventBus(new EventEmitter2());
    reports = new SessionReportReader();
    states = new SessionStates();
    const slots = new ScriptedSlots(1);
    const sources = new AudioSources();
    single = new ScriptedSource('egress', slots);
    participant = new ScriptedSource('participant');
    sources.register(single);
    sources.register(participant);
    service = new SourcesService(config, events, sources, slots, reports, states, new SessionProblems(events));
    service.onModuleInit();
    service.onApplicationBootstrap();
    told = [];
    events.on(TranscriptionStatusChanged, ({ status }) => void told.push(status));
  });
  const live = (transcribedByServer = true, source?: AudioSourceChoice): void => {
    events.publish(
      new SessionLive('s', 'r', Date.now(), { spoken: [], translateTo: [] }, transcribedByServer, undefined, source),
    );
  };
  const publish = async (...trackSids: string[]): Promise<void> => {
    for (const trackSid of trackSids) events.publish(new TrackPublished('s', 'r', trackSid, 'alice', 'Alice'));
    await settled();
  };

  it('carries what is published in a live session, once, until it is gone', async () => {
    await publish('TR_early');
    live();
    await publish('TR_a', 'TR_a');
    expect(single.open).toEqual(['TR_a']);
    events.publish(new TrackUnpublished('s', 'TR_a'));
    expect(single.subscriptions[0]?.closed).toBe('track-gone');
    events.publish(new SessionEnded('s', 'api'));
    await publish('TR_late');
    expect(single.subscriptions).toHaveLength(1);
  });

  it('does as the session asks', async () => {
    live(true, 'participant');
    await publish('TR_a');
    expect([single.open, participant.open]).toEqual([[], ['TR_a']]);
    expect(reports.read('s').track('TR_a')).toMatchObject({ source: 'participant' });
  });

  it('says how each track is received, to whoever decides by it', async () => {
    live();
    await publish('TR_a');
    single.of('TR_a')!.state = { state: 'starting' };
    expect(states.track('s', 'TR_a')).toEqual({ source: 'egress', reception: { state: 'starting' } });
    expect(states.isStreaming('s', 'TR_a')).toBe(false);
    single.of('TR_a')?.establish();
    await settled();
    expect(states.isStreaming('s', 'TR_a')).toBe(true);
    expect([states.track('s', 'TR_none'), states.track('none', 'TR_a')]).toEqual([undefined, undefined]);
  });

  it.each<[TrackKind, number]>([
    ['microphone', 0],
    ['screen_share_audio', 300],
  ])('reports what is missing of who publishes a %s after a microphone', async (kind, startMs) => {
    const spans: object[] = [];
    events.on(TranscriptionStatusChanged, ({ span }) => void spans.push(span ?? {}));
    const nowMs = jest.spyOn(Date, 'now').mockReturnValue(5_000);
    live();
    await publish('TR_a');
    single.of('TR_a')?.establish();
    await settled();
    events.publish(new TrackUnpublished('s', 'TR_a'));
    nowMs.mockReturnValue(5_500);
    events.publish(new TrackPublished('s', 'r', 'TR_next', 'alice', 'Alice', kind, 5_300));
    await settled();
    nowMs.mockReturnValue(5_700);
    single.of('TR_next')?.establish();
    await settled();
    expect(spans).toEqual([{ startMs, endMs: 700, identity: 'alice', trackSid: 'TR_next' }]);
    nowMs.mockRestore();
  });

  it('tells the room when somebody is left out, and when nobody is any more', async () => {
    live();
    await publish('TR_a', 'TR_b', 'TR_c');
    expect([told, reports.read('s').track('TR_c')['state']]).toEqual([['degraded'], 'failed']);
    events.publish(new TrackUnpublished('s', 'TR_b'));
    expect(told).toEqual(['degraded', 'gap']);
    events.publish(new TrackUnpublished('s', 'TR_c'));
    expect(told).toEqual(['degraded', 'gap', 'gap', 'recovered']);
  });

  it('hears nothing of a room that the server does not hear, but what somebody asks for', async () => {
    live(false);
    await publish('TR_a');
    expect(single.open).toEqual([]);
    events.publish(new TrackTranscriptionChanged('s', 'TR_a', true));
    await settled();
    expect(single.open).toEqual(['TR_a']);
    events.publish(new TrackTranscriptionChanged('s', 'TR_a', false));
    expect(single.subscriptions[0]?.closed).toBe('session-over');
  });
});
