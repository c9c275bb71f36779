import { beforeEach, describe, expect, it } from '@jest/globals';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { parseConfig } from '../config/parse-config.js';
import { SessionEnded, TrackPublished, TrackUnpublished } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { Metrics } from '../metrics/metrics.js';
import { SessionReports } from '../records/session-reports.js';
import type { EgressTicket } from './egress-connections.js';
import { EgressService } from './egress.service.js';
import { EgressTokens } from './egress-tokens.js';
import { ScriptedEgress } from './scripted-egress.spec-kit.js';

describe('EgressService', () => {
  let api: ScriptedEgress;
  let events: EventBus;
  let reports: SessionReports;
  let egress: EgressService;

  beforeEach(() => {
    const config = parseConfig({
      LIVEKIT_API_KEY: 'key',
      LIVEKIT_API_SECRET: 'secret',
      LIVEKIT_HTTP_URL: 'http://127.0.0.1:1',
      GLADIA_API_KEY: 'key',
      EGRESS_WEBSOCKET_BASE_URL: 'wss://here.example.org/egress/audio/',
    });
    api = new ScriptedEgress();
    events = new EventBus(new EventEmitter2());
    reports = new SessionReports();
    egress = new EgressService(config, events, api, new EgressTokens(config), reports, new Metrics());
    egress.onModuleInit();
  });

  const settled = async (): Promise<void> => new Promise(setImmediate);
  const publish = async (trackSid: string): Promise<void> => {
    events.publish(new TrackPublished('s', 'room', trackSid, 'alice', 'Alice'));
    await settled();
  };
  const stateOf = (trackSid: string): unknown => reports.read('s').track(trackSid)['state'];
  /** What the nth address proves to the gateway. */
  const ticketOf = (n: number): EgressTicket | undefined => {
    const { pathname, searchParams } = new URL(api.started[n]!);
    const [sessionId, target] = pathname.split('/').slice(-2) as [string, string];
    return egress.ticket(sessionId, target, searchParams.get('token')!);
  };

  it('starts one egress a track, at an address that proves itself', async () => {
    await publish('TR_a');
    await publish('TR_a');
    expect(api.started.map((address) => address.split('?')[0])).toEqual(['wss://here.example.org/egress/audio/s/TR_a']);
    expect(ticketOf(0)).toEqual({ sessionId: 's', target: 'TR_a', attempt: 1 });
    egress.opened(ticketOf(0)!);
    await settled();
    expect(stateOf('TR_a')).toBe('streaming');
    egress.closed(ticketOf(0)!, 1006);
    events.publish(new TrackUnpublished('s', 'TR_a'));
    await settled();
  });

  it('keeps to the limit, and says who waits; a free slot goes to the next', async () => {
    for (const trackSid of ['TR_a', 'TR_b', 'TR_c']) await publish(trackSid);
    expect(api.started).toHaveLength(2);
    expect(stateOf('TR_c')).toBe('waiting-for-egress-slot');
    expect(egress.states()).toEqual({ starting: 2, 'waiting-for-egress-slot': 1 });
    egress.opened(ticketOf(0)!);
    events.publish(new TrackUnpublished('s', 'TR_a'));
    egress.closed(ticketOf(0)!, 1005);
    await settled();
    await settled();
    expect(api.started).toHaveLength(3);
    expect(stateOf('TR_c')).toBe('starting');
    events.publish(new SessionEnded('s', 'api'));
    await settled();
    expect(api.stopped).toEqual(['EG_2', 'EG_3']);
    for (const n of [1, 2]) egress.closed(ticketOf(n)!, 1005);
    await settled();
    expect(egress.states()).toEqual({});
  });

  it('refuses an egress that was replaced meanwhile', async () => {
    await publish('TR_a');
    const first = ticketOf(0)!;
    egress.opened(first);
    egress.closed(first, 1006);
    await api.startedTimes(2);
    expect(ticketOf(0)).toBeUndefined();
    expect(ticketOf(1)).toEqual({ ...first, attempt: 2 });
    events.publish(new SessionEnded('s', 'api'));
    egress.closed(ticketOf(1)!, 1005);
    await settled();
  });
});
