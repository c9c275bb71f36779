import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { EgressInfo, EgressStatus } from 'livekit-server-sdk';
import { ApiBudget } from '../livekit/api-budget.js';
import { egressClient } from '../livekit/livekit-clients.js';
import { Metrics } from '../metrics/metrics.js';
import type { EgressFault } from './egress-api.js';
import { LiveKitEgressApi, listedEgress } from './livekit-egress-api.js';

const URL = 'wss://here.example.org/egress/audio/s/TR_a,TR_b?token={...}';
const info = (json: object): EgressInfo => EgressInfo.fromJson({ egressId: 'EG_1', roomName: 'r', ...json });

describe('what LiveKit says of an egress', () => {
  it.each([
    ['of a track', { track: { websocketUrl: URL } }],
    ['of media whose stream it reports', { streamResults: [{ url: URL }], egress: { outputs: [{ stream: {} }] } }],
    ['of media as it was asked for', { egress: { outputs: [{ file: {} }, { stream: { urls: [URL] } }] } }],
  ])('names the address that it dials: %s', (_, json) => {
    expect(listedEgress(info(json))).toEqual({ egressId: 'EG_1', room: 'r', url: URL, active: true, end: undefined });
  });

  it('names none where it writes no stream, and says how it ended', () => {
    const ended = info({ status: EgressStatus.EGRESS_COMPLETE, egress: { outputs: [{ file: {} }] } });
    expect(listedEgress(ended)).toMatchObject({ url: '', active: false, end: 'complete' });
  });
});

describe('what LiveKit’s answer to a start means', () => {
  const config = { apiKey: 'key', apiSecret: 'secret', httpUrl: 'http://livekit', apiPerMinute: 1_000, wsUrl: '' };
  const budget = new ApiBudget(config, new Metrics());
  const api = new LiveKitEgressApi(egressClient(config), budget);
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  const answering = (status: number, body: object): jest.Spied<typeof fetch> =>
    jest.spyOn(globalThis, 'fetch').mockImplementation(() => Promise.resolve(Response.json(body, { status })));

  it.each<[number, object, EgressFault]>([
    [500, { code: 'internal', msg: '' }, 'outage'],
    [503, { code: 'unavailable', msg: '' }, 'outage'],
    [408, { code: 'deadline_exceeded', msg: '' }, 'outage'],
    [400, { code: 'invalid_argument', msg: 'room name is too long' }, 'rejected'],
    [409, { code: 'aborted', msg: '' }, 'rejected'],
    [412, { code: 'failed_precondition', msg: '' }, 'rejected'],
    [429, { code: 'resource_exhausted', msg: 'concurrent egress sessions exceeded' }, 'limit'],
    [429, { code: 'resource_exhausted', msg: 'rate limit exceeded' }, 'rate-limited'],
    [429, {}, 'limit'],
    [401, { code: 'unauthenticated', msg: '' }, 'refused'],
    [404, { code: 'not_found', msg: '' }, 'not-found'],
  ])('%s %j: %s', async (status, body, fault) => {
    answering(status, body);
    await expect(api.start('room', { kind: 'track', trackSid: 'TR_a' }, 'wss://here')).rejects.toMatchObject({ fault });
  });

  it('takes any 429 with a Retry-After for the rate limit, and asks nothing before that time', async () => {
    jest.useFakeTimers();
    const fetched = answering(429, { code: 'resource_exhausted', msg: '' });
    const start = (): Promise<string> => api.start('room', { kind: 'track', trackSid: 'TR_a' }, 'wss://here');
    fetched.mockImplementationOnce(() => {
      budget.answered(429, '3');
      return Promise.resolve(Response.json({ code: 'resource_exhausted', msg: '' }, { status: 429 }));
    });
    await expect(start()).rejects.toMatchObject({ fault: 'rate-limited' });
    const second = expect(start()).rejects.toMatchObject({ fault: 'limit' });
    await jest.advanceTimersByTimeAsync(2_990);
    expect(fetched).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(20);
    await second;
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  it('lists every page', async () => {
    const pages = [
      { items: [{ egressId: 'EG_1' }], nextPageToken: { token: 'two' } },
      { items: [{ egressId: 'EG_2' }], nextPageToken: { token: 'three' } },
      { items: [{ egressId: 'EG_3' }] },
    ];
    const asked: unknown[] = [];
    jest.spyOn(globalThis, 'fetch').mockImplementation((_, init) => {
      asked.push(JSON.parse(init?.body as string));
      return Promise.resolve(Response.json(pages[asked.length - 1]));
    });
    expect((await api.listActive('room')).map(({ egressId }) => egressId)).toEqual(['EG_1', 'EG_2', 'EG_3']);
    expect(asked).toMatchObject([{}, { pageToken: { token: 'two' } }, { pageToken: { token: 'three' } }]);
  });
});
