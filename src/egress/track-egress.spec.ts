import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EgressApiError, type EgressApi } from './egress-api.js';
import { EgressSlots } from './egress-slots.js';
import { ScriptedEgress } from './scripted-egress.spec-kit.js';
import { TrackEgress } from './track-egress.js';

const options = (api: EgressApi, slots = new EgressSlots(5)) => ({
  sessionId: 'session',
  room: 'room',
  trackSid: 'TR_a',
  api,
  slots,
  address: (attempt: number) => `ws://here/${attempt}`,
  socketTimeoutMs: 50,
});

describe('TrackEgress', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('streams from the moment the socket is open', async () => {
    const api = new ScriptedEgress();
    const egress = new TrackEgress(options(api));
    const running = egress.run();
    await api.startedTimes(1);
    expect(egress.report.state).toBe('starting');
    egress.opened(1);
    await new Promise(setImmediate);
    expect(egress.report).toEqual({ state: 'streaming', restarts: 0 });
    egress.close('session-over');
    await new Promise(setImmediate);
    expect(api.stopped).toEqual(['EG_1']);
    egress.closed(1, 1005);
    await running;
    expect(egress.report.state).toBe('ended');
  });

  it('starts anew when the socket is lost, with a new address and never two at once', async () => {
    const api = new ScriptedEgress();
    const egress = new TrackEgress(options(api));
    const running = egress.run();
    await api.startedTimes(1);
    egress.opened(1);
    await new Promise(setImmediate);
    egress.closed(1, 1006);
    await new Promise(setImmediate);
    expect(egress.report).toEqual({ state: 'restarting', reason: 'the audio socket was lost', restarts: 1 });
    await api.startedTimes(2);
    expect(api.started).toEqual(['ws://here/1', 'ws://here/2']);
    egress.opened(1);
    expect(egress.report.state).toBe('restarting');
    egress.opened(2);
    await new Promise(setImmediate);
    expect(egress.report.state).toBe('streaming');
    egress.close('track-gone');
    egress.closed(2, 1005);
    await running;
    expect(api.stopped).toEqual([]);
  });

  it('lets Egress drain by itself when the track is gone, and stops it only when it does not end', async () => {
    const api = new ScriptedEgress();
    const egress = new TrackEgress(options(api));
    const running = egress.run();
    await api.startedTimes(1);
    egress.opened(1);
    egress.close('track-gone');
    await running;
    expect(api.stopped).toEqual(['EG_1']);
  });

  it('stops and replaces an egress that opens no socket', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const api = new ScriptedEgress();
    const egress = new TrackEgress(options(api));
    const running = egress.run();
    await api.startedTimes(2);
    expect(api.stopped).toEqual(['EG_1']);
    egress.opened(2);
    await new Promise(setImmediate);
    egress.close('track-gone');
    egress.closed(2, 1005);
    await running;
  });

  it('says why it failed and goes on trying', async () => {
    const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const api = new ScriptedEgress();
    api.failures.push(new EgressApiError('LiveKit refuses the API key', false));
    const egress = new TrackEgress(options(api));
    const running = egress.run();
    await api.startedTimes(1);
    expect(egress.report).toEqual({ state: 'failed', reason: 'LiveKit refuses the API key', restarts: 0 });
    expect(warned).toHaveBeenCalledTimes(1);
    await api.startedTimes(2);
    egress.close('session-over');
    await new Promise(setImmediate);
    egress.closed(2, 1005);
    await running;
  });

  it('waits for a slot and says so', async () => {
    const api = new ScriptedEgress();
    const slots = new EgressSlots(1);
    const release = await slots.acquire(new AbortController().signal);
    const egress = new TrackEgress(options(api, slots));
    const running = egress.run();
    expect(egress.report.state).toBe('waiting-for-egress-slot');
    expect(api.started).toEqual([]);
    release?.();
    await api.startedTimes(1);
    egress.close('track-gone');
    egress.closed(1, 1005);
    await running;
    expect(slots.taken).toBe(0);
  });
});
