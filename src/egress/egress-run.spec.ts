import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EgressCircuit } from './egress-circuit.js';
import { EgressRun } from './egress-run.js';
import type { EgressRunOptions } from './egress-run-options.js';
import { LocalEgressSlots } from './local-egress-slots.js';
import { listed, ScriptedEgress } from './scripted-egress.spec-kit.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

const PATH = 'ws://here/session/TR_a';
const settled = async (): Promise<void> => new Promise(setImmediate);

const HOLDER = { sessionId: 's', identity: 'alice' };

describe('EgressRun', () => {
  let api: ScriptedEgress;
  let slots: LocalEgressSlots;
  let attempts: number;

  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    api = new ScriptedEgress();
    slots = new LocalEgressSlots(2);
    attempts = 0;
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const begin = (options: Partial<EgressRunOptions> = {}): EgressRun =>
    new EgressRun({
      holder: HOLDER,
      ...{ sessionId: 'session', room: 'room', source: 'egress', trackSids: ['TR_a'], path: PATH, whenFull: 'last' },
      ...{ api, slots, circuit: new EgressCircuit({ leastMs: 5, baseMs: 5, capMs: 5, spreadMs: 1 }) },
      input: { kind: 'track', trackSid: 'TR_a' },
      nextAttempt: () => ({ number: ++attempts, address: `${PATH}?token=${attempts}` }),
      socketTimeoutMs: 50,
      ...options,
    });
  const streaming = async (options: Partial<EgressRunOptions> = {}): Promise<EgressRun> => {
    const run = begin(options);
    await api.startedTimes(1);
    run.socketOpened(1);
    await run.established;
    return run;
  };
  const end = async (run: EgressRun): Promise<void> => {
    run.close('session-over');
    run.socketClosed(attempts, 1005);
    await run.ended;
  };

  it('streams from the moment the socket is open, and is stopped with the session', async () => {
    const run = begin();
    await api.startedTimes(1);
    expect(run.report.state).toBe('starting');
    run.socketOpened(1);
    await run.established;
    expect(run.report).toEqual({ state: 'streaming', restarts: 0 });
    expect(run.waitsForSlot).toBe(false);
    run.close('session-over');
    await api.stoppedTimes(1);
    expect(api.stopped).toEqual(['EG_1']);
    run.socketClosed(1, 1005);
    await run.ended;
    expect([run.report.state, slots.taken]).toEqual(['ended', 0]);
  });

  it('starts anew when the socket is lost, with a new address, having stopped the old one', async () => {
    const run = await streaming();
    const heard: boolean[] = [];
    run.onReceiving((is) => heard.push(is));
    run.socketClosed(1, 1006);
    await api.startedTimes(2);
    expect(run.report).toEqual({ state: 'restarting', reason: 'the audio socket was lost', restarts: 1 });
    expect([api.stopped, api.started]).toEqual([['EG_1'], [`${PATH}?token=1`, `${PATH}?token=2`]]);
    run.socketOpened(1);
    await settled();
    expect(run.report.state).toBe('restarting');
    run.socketOpened(2);
    await settled();
    expect([run.report.state, heard]).toEqual(['streaming', [false, true]]);
    await end(run);
  });

  it('keeps its slot over a restart', async () => {
    slots = new LocalEgressSlots(1);
    const run = await streaming();
    const waiting = slots.acquire(HOLDER, new AbortController().signal);
    run.socketClosed(1, 1006);
    await api.startedTimes(2);
    run.socketOpened(2);
    await end(run);
    expect(await waiting).toBeInstanceOf(Function);
  });

  it('says what LiveKit says of the end', async () => {
    const run = await streaming();
    run.egressEnded('EG_1', 'limit-reached');
    run.socketClosed(1, 1005);
    await settled();
    expect(run.report.reason).toBe('Egress had run for its longest time');
    expect(run.state).toMatchObject({ state: 'restarting', noSocket: false });
    expect(api.stopped).toEqual([]);
    await api.startedTimes(2);
    await end(run);
  });

  it('stops and replaces an egress that opens no socket, and one that fails before is replaced without a wait for it', async () => {
    const run = begin();
    await api.startedTimes(2);
    expect(api.stopped).toEqual(['EG_1']);
    run.egressEnded('EG_2', 'failed');
    await api.startedTimes(3);
    expect(api.stopped).toEqual(['EG_1']);
    await end(run);
  });

  it('keeps telling that no socket opened when the egress ends because it was stopped for that', async () => {
    const run = begin();
    await api.stoppedTimes(1);
    run.egressEnded('EG_1', 'aborted');
    const { reason } = run.report;
    const { state } = run;
    await end(run);
    expect(reason).toMatch(/^Egress opened no socket/);
    expect(state).toMatchObject({ state: 'restarting', noSocket: true });
  });

  it('lets Egress drain by itself when the track is gone, and stops it only when it does not end', async () => {
    const run = await streaming();
    run.close('track-gone');
    await run.ended;
    expect(api.stopped).toEqual(['EG_1']);
  });

  it('stops the egress of a pair when both are gone, since it does not end by itself', async () => {
    const input = { kind: 'pair', leftSid: 'TR_a', rightSid: 'TR_b' } as const;
    const run = await streaming({
      input,
      source: 'paired-egress',
      trackSids: ['TR_a', 'TR_b'],
      socketTimeoutMs: 5_000,
    });
    run.dropTrack('TR_b');
    expect(run.trackSids).toEqual(['TR_a']);
    run.close('track-gone');
    await api.stoppedTimes(1);
    run.socketClosed(1, 1005);
    await run.ended;
  });

  it('gives a pair up rather than start it anew for one', async () => {
    const input = { kind: 'pair', leftSid: 'TR_a', rightSid: 'TR_b' } as const;
    const run = await streaming({ input, source: 'paired-egress', trackSids: ['TR_a', 'TR_b'] });
    run.dropTrack('TR_b');
    run.socketClosed(1, 1006);
    await expect(run.refused).resolves.toContain('gone');
    expect(run.refusalScope).toBe('subscription');
    await run.ended;
    expect(api.started).toHaveLength(1);
  });

  it('ends what a start without an answer left behind, and nothing else', async () => {
    api.listed = [listed('EG_lost', PATH), listed('EG_other', 'ws://here/session/TR_b'), listed('EG_far', PATH, 'far')];
    api.faults.push('unanswered');
    const run = begin();
    await api.startedTimes(2);
    expect(api.stopped).toEqual(['EG_lost']);
    await end(run);
  });

  it('adopts an egress that dials though its start was never answered, and finds it when it is to be stopped', async () => {
    let fail = (_: Error): void => undefined;
    jest.spyOn(api, 'start').mockImplementation(() => new Promise((_, reject) => (fail = reject)));
    const run = begin();
    await settled();
    run.socketOpened(1);
    await run.established;
    fail(new Error('no answer'));
    await settled();
    expect(run.report.state).toBe('streaming');
    api.listed = [listed('EG_adopted', PATH)];
    run.close('session-over');
    await api.stoppedTimes(1);
    expect(api.stopped).toEqual(['EG_adopted']);
    run.socketClosed(1, 1005);
    await run.ended;
  });

  it('asks again until LiveKit takes the order to stop', async () => {
    const run = await streaming({ socketTimeoutMs: 5_000 });
    api.stopsFail = 2;
    run.close('session-over');
    await api.stoppedTimes(1);
    run.socketClosed(1, 1005);
    await run.ended;
  });

  it('says why it failed and goes on trying', async () => {
    api.faults.push('refused');
    const run = begin();
    await api.startedTimes(1);
    await settled();
    expect(run.report).toEqual({ state: 'failed', reason: 'it is refused', restarts: 0 });
    await api.startedTimes(2);
    await end(run);
  });

  it('lets another source take over where LiveKit is too old, or the account full', async () => {
    api.faults.push('unsupported');
    await expect(begin().refused).resolves.toContain('cannot do that');
    api.faults.push('limit');
    await expect(begin({ whenFull: 'refuse' }).refused).resolves.toBe('it is limit');
    await settled();
    expect([slots.taken, slots.free]).toEqual([0, 0]);
  });

  it('queues again, at the head, where the account is full and nobody else can take over', async () => {
    api.faults.push('limit');
    const run = begin();
    await api.startedTimes(1);
    await settled();
    expect(run.report).toMatchObject({ state: 'waiting-for-egress-slot', reason: 'it is limit' });
    expect([slots.taken, slots.waiting, run.waitsForSlot]).toEqual([0, 0, true]);
    run.close('session-over');
    await run.ended;
  });

  it('bears with the limit after a loss, when the lost one still counts', async () => {
    const run = await streaming({ whenFull: 'refuse' });
    api.faults.push('limit');
    run.socketClosed(1, 1006);
    await api.startedTimes(3);
    expect(slots.taken).toBe(1);
    await end(run);
  });

  it('bears with the limit when it takes over the slot of its own tracks, whose last egress still counts', async () => {
    api.faults.push('limit', 'limit');
    const run = begin({ whenFull: 'first' });
    await api.startedTimes(3);
    expect([slots.taken, slots.free]).toEqual([1, 1]);
    await end(run);
  });

  it('gives its slot up when told to, and queues behind who waits', async () => {
    slots = new LocalEgressSlots(1);
    const run = await streaming();
    const other = slots.acquire(HOLDER, new AbortController().signal);
    void run.yieldSlot();
    await api.stoppedTimes(1);
    run.socketClosed(1, 1005);
    const release = await other;
    expect([run.report.state, run.receiving]).toEqual(['waiting-for-egress-slot', false]);
    release?.();
    await api.startedTimes(2);
    await end(run);
  });

  it('begins only when its former self is over', async () => {
    let done = (): void => undefined;
    const run = begin({ after: new Promise((resolve) => (done = resolve)) });
    await settled();
    expect(api.started).toEqual([]);
    done();
    await api.startedTimes(1);
    await end(run);
  });
});
