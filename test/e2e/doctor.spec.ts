import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TUNED_LATENCY_MS } from '../../libs/sandbox/egress/egress-settings.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import type { SandboxParticipant } from '../../libs/sandbox/livekit/sandbox-participant.js';
import { CHECKS } from '../../src/diagnosis/checks.js';
import { freePort } from '../free-port.js';
import { isFinal, messageTo } from '../room-messages.js';
import { brokenIn, rowsOf, runDoctor, type DoctorRun } from './doctor-run.js';
import { ROOM, SandboxedService } from './sandboxed-service.js';

const GLADIA_KEY = 'gladia-key-that-nobody-may-see';
const WRONG_SECRET = 'livekit-secret-that-nobody-may-see';
const remedyOf = (id: string, finding: string): string =>
  CHECKS.find((check) => check.id === id)?.findings[finding]?.remedy ?? 'no such finding';

describe('npm run doctor', () => {
  let world: SandboxedService;
  let alice: SandboxParticipant;
  const outputs: string[] = [];

  beforeAll(async () => {
    world = await SandboxedService.start({ latencyMs: TUNED_LATENCY_MS }, { GLADIA_API_KEY: GLADIA_KEY });
    alice = world.livekit.room(ROOM).join({ identity: 'alice-of-the-spec', name: 'Alice of the Spec' });
    const microphone = alice.publish();
    await world.streamingSession();
    const words = messageTo(alice, isFinal);
    await microphone.say(loadRecordings().find(({ id }) => id === 'alice-1')!);
    await words;
  });
  afterAll(async () => {
    await world.close();
  });

  const doctor = async (variables: Readonly<Record<string, string>>, ...args: string[]): Promise<DoctorRun> => {
    const run = await runDoctor({ ...world.options.env, ...variables }, ...args);
    outputs.push(run.stdout, run.stderr);
    return run;
  };
  const gladia = async (options: object): Promise<void> => {
    await fetch(`${world.gladia.url}/__sandbox/options`, { method: 'POST', body: JSON.stringify(options) });
  };
  /** The row is broken by this, alone or among others, the exit code is 1, and what is printed says what to do. */
  const expectBroken = async (
    row: readonly [id: string, finding: string],
    variables: Readonly<Record<string, string>>,
    ...args: string[]
  ): Promise<DoctorRun> => {
    const run = await doctor(variables, '--json', ...args);
    expect([run.exitCode, brokenIn(run)]).toEqual([1, expect.arrayContaining([row.join(' ')])]);
    expect(rowsOf(run).get(row[0])?.remedy).toBe(remedyOf(...row));
    return run;
  };

  it('finds nothing broken while words come out, and exits with 0', async () => {
    const json = await doctor({}, '--json', '--probe-room', 'roomscribe-doctor-e2e', '--gladia-session');
    expect([brokenIn(json), json.exitCode]).toEqual([[], 0]);
    expect([...rowsOf(json).values()].map(({ id, state }) => `${id} ${state}`)).toEqual(
      CHECKS.map(({ id }) => expect.stringMatching(new RegExp(id === 'sound' ? '^sound (ok|unknown)$' : `^${id} ok$`))),
    );
    const text = await doctor({});
    expect(text.exitCode).toBe(0);
    expect(text.stdout).toMatch(/^ok +livekit-key +Does LiveKit take the API key and the secret\?$/m);
    expect(text.stdout).toContain('Nothing that could be asked is broken.');
    expect(text.stdout).not.toContain('\u001b');
  });

  it('leaves nothing behind of what it tried', async () => {
    expect(world.livekit.egress.list({ active: true, roomName: 'roomscribe-doctor-e2e' })).toEqual([]);
    expect(world.livekit.room('roomscribe-doctor-e2e').sid).toBeUndefined();
    const sessions = await world.api.get<{ room: string }[]>('/sessions');
    expect(sessions.map(({ room }) => room)).toEqual([ROOM]);
  });

  it('names the secret that is wrong, for the doctor and for the service that runs', async () => {
    const run = await expectBroken(['livekit-key', 'wrong-secret'], { LIVEKIT_API_SECRET: WRONG_SECRET });
    expect(brokenIn(run)).toEqual([
      'service other-variables',
      'livekit-key wrong-secret',
      'egress-address unauthorized',
    ]);
    const text = await doctor({ LIVEKIT_API_SECRET: WRONG_SECRET });
    expect(text.exitCode).toBe(1);
    expect(text.stdout).toMatch(/^BROKEN +livekit-key/m);
    expect(text.stdout.replace(/\s+/g, ' ')).toContain(remedyOf('livekit-key', 'wrong-secret'));
  });

  it('names LiveKit that does not listen, and asks nothing that follows from it', async () => {
    const LIVEKIT_HTTP_URL = `http://127.0.0.1:${await freePort()}`;
    const run = await expectBroken(['livekit-reachable', 'nothing-listens'], { LIVEKIT_HTTP_URL });
    expect(brokenIn(run)).toHaveLength(1);
    expect(rowsOf(run).get('livekit-key')?.finding).toBe('after-livekit');
  });

  it('names an address that leads somewhere else', async () => {
    const elsewhere = world.livekit.url.replace('http', 'ws');
    await expectBroken(['egress-address', 'not-found'], { EGRESS_WEBSOCKET_BASE_URL: `${elsewhere}/egress/audio` });
    const nowhere = `ws://127.0.0.1:${await freePort()}/egress/audio`;
    await expectBroken(['egress-address', 'nothing-listens'], { EGRESS_WEBSOCKET_BASE_URL: nowhere });
  });

  it('names an Egress without a worker', async () => {
    world.livekit.egress.faults.unavailableStarts = 1;
    await expectBroken(['egress-start', 'no-worker'], {}, '--probe-room', 'roomscribe-doctor-e2e');
  });

  it('names Gladia’s refusal of the key, and of a place', async () => {
    await gladia({ apiKeys: ['another'] });
    await expectBroken(['gladia-key', 'refused'], {});
    await gladia({ apiKeys: [GLADIA_KEY], maxSessions: 1 });
    await expectBroken(['gladia-slot', 'none'], {}, '--gladia-session');
  });

  it('names a track that no Egress dials for, from what the service knows', async () => {
    world.livekit.egress.faults.neverDialling = 1_000;
    const bob = world.livekit.room(ROOM).join({ identity: 'bob', name: 'Bob' });
    bob.publish();
    await world.until(({ tracks }) => tracks.some(({ state }) => state === 'restarting'));
    const run = await expectBroken(['sound', 'no-socket'], {});
    expect(
      rowsOf(run)
        .get('sound')
        ?.parts?.map(({ finding }) => finding),
    ).toContain('no-socket');
    bob.leave();
    world.livekit.egress.faults.clear();
  });

  it('names every variable that is missing, and asks nothing else', async () => {
    const run = await expectBroken(['variables', 'wrong'], { GLADIA_API_KEY: '', LIVEKIT_API_SECRET: '' });
    expect(rowsOf(run).get('variables')?.facts?.['problems']).toEqual([
      expect.stringMatching(/^LIVEKIT_API_SECRET is missing/),
      expect.stringMatching(/^GLADIA_API_KEY is missing/),
    ]);
    expect([...rowsOf(run).values()].filter(({ finding }) => finding === 'after-variables')).toHaveLength(
      CHECKS.length - 1,
    );
  });

  it('works before the service runs, by listening in its place', async () => {
    const PORT = String(await freePort());
    const base = { PORT, EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${PORT}/egress/audio` };
    const run = await doctor(base, '--json');
    expect([brokenIn(run), run.exitCode]).toEqual([[], 0]);
    expect(rowsOf(run).get('service')?.finding).toBe('not-running');
    expect(rowsOf(run).get('egress-address')?.finding).toBe('reached-on-loopback');
    expect(rowsOf(run).get('sound')?.finding).toBe('needs-service');
    await expectBroken(['service', 'not-there'], {}, '--service', `http://127.0.0.1:${await freePort()}`);
  });

  it('tells its usage of wrong arguments, and exits with 2', async () => {
    for (const args of [['--nonsense'], ['--service', 'somewhere'], ['--probe-room']]) {
      const { exitCode, stdout, stderr } = await doctor({}, ...args);
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr).toContain('--gladia-session');
    }
    expect((await doctor({}, '--help')).exitCode).toBe(0);
  });

  it('has never printed a secret, a name or a word', () => {
    const all = outputs.join('\n');
    expect(all.length).toBeGreaterThan(10_000);
    const { text } = loadRecordings().find(({ id }) => id === 'alice-1')!;
    for (const secret of [
      world.options.env['LIVEKIT_API_SECRET']!,
      WRONG_SECRET,
      GLADIA_KEY,
      'alice',
      'Alice',
      'eyJ',
      text,
    ]) {
      expect(all).not.toContain(secret);
    }
  });
});
