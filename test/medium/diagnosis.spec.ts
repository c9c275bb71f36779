import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccessToken } from 'livekit-server-sdk';
import { TUNED_LATENCY_MS } from '../../libs/sandbox/egress/egress-settings.js';
import type { SandboxParticipant } from '../../libs/sandbox/livekit/sandbox-participant.js';
import type { SandboxTrack } from '../../libs/sandbox/livekit/sandbox-track.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { isFinal, messageTo } from '../room-messages.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { ROOM, ServiceUnderTest, type SessionView } from './service-under-test.js';

useVirtualTime();

const SECRET = 'a-secret-of-the-medium-tests-only';

interface Row {
  readonly id: string;
  readonly state: string;
  readonly finding: string;
  readonly remedy?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly parts?: readonly Row[];
}
interface Diagnosis {
  readonly sessionId: string;
  readonly status: string;
  readonly broken: readonly string[];
  readonly checks: readonly Row[];
}

describe('GET /sessions/{id}/diagnosis', () => {
  let world: ServiceUnderTest;
  let alice: SandboxParticipant;
  let microphone: SandboxTrack;
  let id: string;

  beforeAll(async () => {
    world = await ServiceUnderTest.start({ EGRESS_MAX_CONCURRENT: '1' }, { latencyMs: TUNED_LATENCY_MS });
    world.livekit.webhooks.faults.plan('*', { kind: 'lose' });
    alice = world.livekit.room(ROOM).join({ identity: 'alice', name: 'Alice' });
    microphone = alice.publish();
    id = (await world.api.post<SessionView>('/sessions', { room: ROOM })).id;
    await world.api.post(`/sessions/${id}/live`);
  });
  afterAll(async () => {
    await world.close();
  });

  const diagnose = async (): Promise<{ diagnosis: Diagnosis; row: (id: string) => Row }> => {
    const diagnosis = await world.api.get<Diagnosis>(`/sessions/${id}/diagnosis`);
    return { diagnosis, row: (rowId) => diagnosis.checks.find((row) => row.id === rowId)! };
  };
  const status = async (sessionId: string, room?: string): Promise<number> => {
    const token = new AccessToken('devkey', SECRET, { identity: 'caller' });
    token.addGrant({ roomJoin: true, ...(room !== undefined && { room }) });
    const headers = room === undefined ? undefined : { authorization: `Bearer ${await token.toJwt()}` };
    return (await fetch(`${world.url}/sessions/${sessionId}/diagnosis`, { ...(headers && { headers }) })).status;
  };

  it('is for who may read the session', async () => {
    expect([await status(id), await status(id, 'elsewhere'), await status('none', ROOM)]).toEqual([401, 403, 404]);
    expect(await status(id, ROOM)).toBe(200);
  });

  it('notices webhooks that are signed with another key', async () => {
    const token = new AccessToken('devkey', 'another secret');
    await fetch(`${world.url}/livekit/webhook`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/webhook+json', authorization: await token.toJwt() },
      body: '{"event":"room_started"}',
    });
    expect((await diagnose()).row('webhooks')).toMatchObject({ state: 'broken', finding: 'refused' });
    world.livekit.webhooks.faults.clear();
    world.livekit.room(ROOM).join({ identity: 'carol' }).leave();
    await world.livekit.webhooks.settled();
    expect((await diagnose()).row('webhooks').finding).toBe('come');
  });

  it('says of a session in which words come out that every leg is well', async () => {
    await microphone.say(loadRecordings().find(({ id: recording }) => recording === 'alice-1')!);
    await messageTo(alice, isFinal);
    const { diagnosis, row } = await diagnose();
    expect(diagnosis).toMatchObject({ sessionId: id, status: 'live', broken: [] });
    expect(diagnosis.checks.map((each) => `${each.id} ${each.finding}`)).toEqual([
      'variables fit',
      'service runs',
      'livekit-reachable reachable',
      'livekit-key accepted',
      'webhooks come',
      'egress-api there',
      'egress-start started',
      'egress-address reached-on-loopback',
      expect.stringMatching(/^sound (arrives|quiet)$/),
      'left-out none',
      'gladia-key accepted',
      'gladia-slot held',
      'gladia-session live',
      'data-channel delivers',
      'first-transcript out',
    ]);
    const [track] = row('sound').parts ?? [];
    expect(track?.facts).toMatchObject({ trackSid: microphone.sid, hasSocket: true, expectedHz: 48_000 });
    expect(Math.abs(Number(track?.facts?.['rateHz']) / 48_000 - 1)).toBeLessThan(0.2);
    expect(JSON.stringify(diagnosis)).not.toMatch(/alice|Alice/);
  });

  it('names the tracks that wait for a slot, beside those that are heard', async () => {
    const bob = world.livekit.room(ROOM).join({ identity: 'bob', name: 'Bob' });
    const second = bob.publish();
    let found = await diagnose();
    while (found.row('sound').state !== 'broken') found = await diagnose();
    expect(found.diagnosis.broken).toEqual(['sound']);
    const waiting = found.row('sound').parts?.find(({ facts }) => facts?.['trackSid'] === second.sid);
    expect(waiting?.finding).toBe('waits-for-slot');
    bob.leave();
  });

  it('has little to say of a session that is over', async () => {
    await world.api.post(`/sessions/${id}/end`);
    const { row } = await diagnose();
    expect(row('sound')).toMatchObject({ state: 'skipped', finding: 'session-over' });
  });
});
