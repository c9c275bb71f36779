import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { EgressInfo, EgressStatus, type WebhookEvent } from 'livekit-server-sdk';
import type { EgressConfig, LiveKitConfig } from '../config/namespaces.js';
import { SessionEnded, SessionLive, TranscriptionStatusChanged } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import type { LiveKitWebhooks } from '../livekit/livekit-webhooks.js';
import type { AudioSource, AudioSubscription } from '../media/audio-source.js';
import { TrackSpeechActivity } from '../media/track-speech-activity.js';
import { Metrics } from '../metrics/metrics.js';
import { AudioSources } from '../sources/audio-sources.port.js';
import { SessionReportReader } from '../sessions/session-report-reader.js';
import { SessionDirectory, type SessionEntry } from '../sessions/session-directory.port.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { timePasses, useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { EgressCircuit } from './egress-circuit.js';
import type { EgressTicket, TokenFault } from './egress-connections.port.js';
import { EgressApiError } from './egress-api.js';
import { EgressInventory } from './egress-inventory.js';
import { EgressOutage } from './egress-outage.js';
import { EgressService } from './egress.service.js';
import { EgressSources } from './egress-sources.js';
import { EgressTokens } from './egress-tokens.js';
import { ForeignEgresses } from './foreign-egresses.js';
import { SlotRelease } from './slot-release.js';
import { OrphanReaper } from './orphan-reaper.js';
import { LocalEgressSlots } from './local-egress-slots.js';
import { listed, ScriptedEgress } from './scripted-egress.spec-kit.js';

useVirtualTime();

const BASE = 'wss://here.example.org/egress/audio';
const config: EgressConfig = { websocketBaseUrl: BASE, maxConcurrent: 2, overflow: ['queue'], idleReleaseMs: 30_000 };
const livekit: LiveKitConfig = {
  apiKey: 'key',
  apiSecret: 'secret',
  httpUrl: 'http://127.0.0.1:1',
  apiPerMinute: 0,
  wsUrl: '',
};
/** A session that is in our database, and one that is in another's. */
const OURS = '0b7c8a52-1f3e-4b1d-9a68-5d2f0c9e7a11';
const ANOTHERS = '9f1c8a52-1f3e-4b1d-9a68-5d2f0c9e7a22';
const settled = async (): Promise<void> => new Promise(setImmediate);
const track = (trackSid: string) => ({ sessionId: 's', room: 'room', trackSid, identity: trackSid });

/** A database that holds one session. */
class OneSession extends SessionDirectory {
  override find(): undefined {
    return undefined;
  }

  override lookUp(id: string): Promise<SessionEntry | undefined> {
    return Promise.resolve(id === OURS ? { id, room: 'room', status: 'ended' } : undefined);
  }
}

class ScriptedVoices extends TrackSpeechActivity {
  readonly silentMs = new Map<string, number>();

  override silentForMs(_sessionId: string, trackSid: string): number | undefined {
    return this.silentMs.get(trackSid);
  }
}

describe('the egress module', () => {
  let api: ScriptedEgress;
  let slots: LocalEgressSlots;
  let circuit: EgressCircuit;
  let events: EventBus;
  let reports: SessionReportReader;
  let egress: EgressService;
  let sources: AudioSources;
  let webhook: (event: Partial<WebhookEvent>) => void;

  beforeEach(() => {
    for (const level of ['log', 'warn'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    api = new ScriptedEgress();
    slots = new LocalEgressSlots(config.maxConcurrent);
    circuit = new EgressCircuit({ leastMs: 20, baseMs: 1, capMs: 1, spreadMs: 1 });
    events = new EventBus(new EventEmitter2());
    reports = new SessionReportReader();
    sources = new AudioSources();
    const webhooks = { onEvent: (listener: typeof webhook) => (webhook = listener) } as unknown as LiveKitWebhooks;
    const tokens = new EgressTokens(livekit);
    egress = new EgressService(config, api, slots, circuit, tokens, reports, webhooks, new Metrics());
    egress.onModuleInit();
    new EgressSources(egress, sources).onModuleInit();
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const carry = (name: 'egress' | 'paired-egress' | 'room-egress', ...args: Parameters<AudioSource['subscribe']>) =>
    sources.find(name)?.subscribe(...args);
  const inventory = (): EgressInventory => new EgressInventory(config, api, egress, new OneSession());
  const reaper = (): OrphanReaper => new OrphanReaper(api, inventory(), circuit);
  const stateOf = (trackSid: string): unknown => reports.read('s').track(trackSid)['state'];
  const addressOf = (n: number) => {
    const { pathname, searchParams } = new URL(api.started[n]!);
    const [sessionId, target] = pathname.split('/').slice(-2) as [string, string];
    return { sessionId, target, token: searchParams.get('token')! };
  };
  /** What the nth address stands for, whether its token is used up or not. */
  const attemptOf = (n: number): EgressTicket => {
    const { sessionId, target, token } = addressOf(n);
    return { sessionId, target, attempt: Number(token.split('.', 1)[0]) };
  };
  /** What the nth address proves to the gateway. */
  const proofOf = (n: number): EgressTicket | TokenFault => {
    const { sessionId, target, token } = addressOf(n);
    return egress.ticket(sessionId, target, token);
  };
  const ticketOf = (n: number): EgressTicket => {
    const proof = proofOf(n);
    if (typeof proof === 'string') throw new Error(`no ticket: ${proof}`);
    return proof;
  };
  const end = async (...subscriptions: (AudioSubscription | undefined)[]): Promise<void> => {
    for (const subscription of subscriptions) subscription?.close('session-over');
    await settled();
    for (let n = 0; n < api.started.length; n++) egress.socketClosed(attemptOf(n), 1005);
    await Promise.all(subscriptions.map(async (subscription) => subscription?.ended));
  };

  it('starts one egress a track, at an address that proves itself', async () => {
    const subscription = carry('egress', track('TR_a'));
    expect(carry('egress', track('TR_a'))).toBeUndefined();
    await api.startedTimes(1);
    expect(api.started.map((address) => address.split('?')[0])).toEqual([`${BASE}/s/TR_a`]);
    expect(ticketOf(0)).toMatchObject({ sessionId: 's', target: 'TR_a' });
    const ticket = ticketOf(0);
    expect(ticketOf(0)).toEqual(ticket);
    egress.socketOpened(ticket);
    expect(proofOf(0)).toBe('spent');
    await subscription?.established;
    expect(stateOf('TR_a')).toBe('streaming');
    expect(egress.states()).toEqual({ streaming: 1 });
    await end(subscription);
    expect(egress.states()).toEqual({});
  });

  it('refuses an egress that was replaced meanwhile, and one that nobody waits for', async () => {
    const subscription = carry('egress', track('TR_a'));
    await api.startedTimes(1);
    const first = ticketOf(0);
    egress.socketOpened(first);
    await subscription?.established;
    egress.socketClosed(first, 1006);
    await api.startedTimes(2);
    expect(proofOf(0)).toBe('spent');
    expect(ticketOf(1)).toMatchObject({ target: 'TR_a' });
    const last = api.started.length - 1;
    await end(subscription);
    expect(proofOf(last)).toBe('spent');
  });

  it('puts two tracks, or a room, on one egress', async () => {
    const pair = carry('paired-egress', track('TR_a'), { partner: track('TR_b') });
    const room = carry('room-egress', track('TR_a'));
    await api.startedTimes(2);
    expect(api.inputs).toEqual([{ kind: 'pair', leftSid: 'TR_a', rightSid: 'TR_b' }, { kind: 'room' }]);
    expect(api.started.map((url) => new URL(url).pathname)).toEqual([
      '/egress/audio/s/TR_a,TR_b',
      '/egress/audio/s/room',
    ]);
    expect(stateOf('TR_b')).toBe('starting');
    expect(room?.state).toMatchObject({ state: 'starting' });
    await end(pair, room);
  });

  it('keeps to the limit; who wants to wait waits, and says so', async () => {
    const taken = [carry('egress', track('TR_a')), carry('egress', track('TR_b'))];
    expect(carry('egress', track('TR_c'))).toBeUndefined();
    const waiting = carry('egress', track('TR_c'), { whenFull: 'last' });
    await settled();
    expect([stateOf('TR_c'), slots.waiting]).toEqual(['waiting-for-egress-slot', 1]);
    await end(taken[0]);
    await api.startedTimes(3);
    expect(stateOf('TR_c')).toBe('starting');
    await end(taken[1], waiting);
  });

  it('remembers a server that is too old for pairs', async () => {
    api.faults.push('unsupported');
    const pair = carry('paired-egress', track('TR_a'), { partner: track('TR_b') });
    await pair?.refused;
    await settled();
    expect(carry('paired-egress', track('TR_c'), { partner: track('TR_d') })).toBeUndefined();
    expect(api.started).toHaveLength(1);
  });

  it('believes a webhook that an egress is over', async () => {
    const subscription = carry('egress', track('TR_a'));
    await api.startedTimes(1);
    egress.socketOpened(ticketOf(0));
    await subscription?.established;
    webhook({
      event: 'egress_ended',
      egressInfo: new EgressInfo({ egressId: 'EG_1', status: EgressStatus.EGRESS_LIMIT_REACHED }),
    });
    egress.socketClosed(attemptOf(0), 1005);
    await settled();
    expect(reports.read('s').track('TR_a')['reason']).toBe('Egress had run for its longest time');
    await end(subscription);
  });

  it('tells the rooms that it serves when LiveKit’s API fails and when it answers again, each once', async () => {
    new EgressOutage(events, new SessionProblems(events), circuit, egress).onModuleInit();
    const told: string[] = [];
    events.on(TranscriptionStatusChanged, ({ sessionId, status }) => void told.push(`${sessionId} ${status}`));
    for (const sessionId of ['s', 'idle']) {
      events.publish(new SessionLive(sessionId, 'room', 0, { spoken: [], translateTo: [] }));
    }
    api.faults.push('outage', 'outage', 'outage', 'outage');
    const subscription = carry('egress', track('TR_a'));
    await api.startedTimes(3);
    await settled();
    expect([told, reports.read('s').sections]).toEqual([['s degraded'], { egress: { api: 'fails' } }]);
    await api.startedTimes(5);
    await settled();
    expect([told, circuit.state]).toEqual([['s degraded', 's recovered'], 'closed']);
    events.publish(new SessionEnded('s', 'api'));
    await end(subscription);
  });

  it('takes the slot of who is silent longest for who waits, and of nobody while nobody waits', async () => {
    const speechActivity = new ScriptedVoices();
    const idle = new SlotRelease(config, egress, slots, speechActivity);
    const taken = [carry('egress', track('TR_a')), carry('egress', track('TR_b'))];
    await api.startedTimes(2);
    for (const n of [0, 1]) egress.socketOpened(ticketOf(n));
    await Promise.all(taken.map(async (subscription) => subscription?.established));
    speechActivity.silentMs.set('TR_a', 31_000).set('TR_b', 40_000);
    idle.releaseSlots();
    await settled();
    expect(api.stopped).toEqual([]);
    const waiting = carry('egress', track('TR_c'), { whenFull: 'last' });
    await settled();
    idle.releaseSlots();
    idle.releaseSlots();
    await api.stoppedTimes(1);
    expect(api.stopped).toEqual(['EG_2']);
    egress.socketClosed(attemptOf(1), 1005);
    await api.startedTimes(3);
    expect([stateOf('TR_b'), stateOf('TR_c')]).toEqual(['waiting-for-egress-slot', 'starting']);
    await end(...taken, waiting);
  });

  it('takes one slot for each who waits, however long the one who gives it takes to drain', async () => {
    const speechActivity = new ScriptedVoices();
    const idle = new SlotRelease(config, egress, slots, speechActivity);
    const taken = [carry('egress', track('TR_a')), carry('egress', track('TR_b'))];
    await api.startedTimes(2);
    for (const n of [0, 1]) egress.socketOpened(ticketOf(n));
    await Promise.all(taken.map(async (subscription) => subscription?.established));
    speechActivity.silentMs.set('TR_a', 41_000).set('TR_b', 40_000);
    const waiting = carry('egress', track('TR_c'), { whenFull: 'last' });
    await settled();
    idle.releaseSlots();
    await api.stoppedTimes(1);
    idle.releaseSlots();
    await settled();
    expect([stateOf('TR_a'), stateOf('TR_b')]).toEqual(['waiting-for-egress-slot', 'streaming']);
    egress.socketClosed(attemptOf(0), 1005);
    await api.startedTimes(3);
    expect([api.stopped, stateOf('TR_c')]).toEqual([['EG_1'], 'starting']);
    await end(...taken, waiting);
  });

  it('ends what an earlier run left behind, and nothing that is not its own', async () => {
    const subscription = carry('egress', track('TR_a'));
    await api.startedTimes(1);
    api.listed = [
      listed('EG_1', `${BASE}/s/TR_a`),
      listed('EG_left', `${BASE}/former/TR_x`),
      listed('EG_known', `${BASE}/${OURS}/TR_x`),
      listed('EG_anothers', `${BASE}/${ANOTHERS}/TR_x`),
      listed('EG_twin', `${BASE}/s/TR_a`),
      listed('EG_foreign', 'wss://elsewhere.example.org/egress/audio/s/TR_a'),
      listed('EG_like', 'wss://here.example.org/egress/audio-too/s/TR_a'),
    ];
    api.listsFail = 1;
    const sweep = reaper();
    await sweep.onModuleInit();
    await api.stoppedTimes(3);
    expect(api.stopped).toEqual(['EG_left', 'EG_known', 'EG_twin']);
    sweep.onApplicationShutdown();
    await end(subscription);
  });

  it('is not held up by one that cannot be stopped, which it tries again', async () => {
    api.listed = [listed('EG_stuck', `${BASE}/former/TR_x`), listed('EG_left', `${BASE}/former/TR_y`)];
    const stop = jest.spyOn(api, 'stop');
    stop.mockImplementation((egressId) =>
      egressId === 'EG_stuck' ? Promise.reject(new EgressApiError('no worker', 'outage')) : Promise.resolve(),
    );
    const sweep = reaper();
    await sweep.onModuleInit();
    await timePasses(5_000);
    const stopped = stop.mock.calls.map(([egressId]) => egressId);
    expect(stopped.slice(0, 2)).toEqual(['EG_stuck', 'EG_left']);
    expect(stopped.filter((egressId) => egressId === 'EG_stuck').length).toBeGreaterThan(1);
    sweep.onApplicationShutdown();
  });

  it('names the egresses of others to the rooms that they listen to, and says when they are gone', async () => {
    const published: [string, string][] = [];
    events.on(
      TranscriptionStatusChanged,
      ({ sessionId, status, sentence }) => void published.push([`${sessionId} ${status}`, sentence]),
    );
    const foreign = new ForeignEgresses(events, new SessionProblems(events), inventory());
    foreign.onModuleInit();
    events.publish(new SessionLive('s', 'room', 0, { spoken: [], translateTo: [] }));
    events.publish(new SessionLive('other', 'another room', 0, { spoken: [], translateTo: [] }));
    api.listed = [
      { ...listed('EG_b', `${BASE}/${ANOTHERS}/TR_x`), room: 'room' },
      { ...listed('EG_a', 'wss://elsewhere.example.org/sound'), room: 'room' },
      { ...listed('EG_file', ''), url: '', room: 'another room' },
    ];
    await foreign.check();
    await foreign.check();
    expect(published).toEqual([['s degraded', expect.stringContaining('(EG_a, EG_b)')]]);
    api.listed = [];
    await foreign.check();
    expect(published.map(([status]) => status)).toEqual(['s degraded', 's recovered']);
  });

  it('ends what an earlier run left behind on the path of a track that is taken up again', async () => {
    api.listed = [listed('EG_old', `${BASE}/s/TR_a`)];
    api.stopsFail = 1;
    const sweep = reaper();
    await sweep.onModuleInit();
    api.faults.push('limit');
    const subscription = carry('egress', track('TR_a'), { whenFull: 'last' });
    await api.stoppedTimes(1);
    expect(api.stopped).toEqual(['EG_old']);
    sweep.onApplicationShutdown();
    await end(subscription);
  });

  it('starts also where LiveKit does not say what there is', async () => {
    jest.spyOn(api, 'listActive').mockReturnValue(new Promise(() => undefined));
    const sweep = reaper();
    let hasStarted = false;
    void sweep.onModuleInit().then(() => (hasStarted = true));
    await jest.advanceTimersByTimeAsync(1_500);
    expect(hasStarted).toBe(true);
    sweep.onApplicationShutdown();
  });
});
