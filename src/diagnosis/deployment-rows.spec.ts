import { afterAll, beforeAll, afterEach, describe, expect, it } from '@jest/globals';
import { startGladiaSandbox, type GladiaSandbox } from '../../libs/sandbox/gladia/gladia-sandbox.js';
import { startLiveKitSandbox, type LiveKitSandbox } from '../../libs/sandbox/livekit/livekit-sandbox.js';
import { CHECKS, resultsOf, runDeploymentChecks, type CheckResult } from './checks.js';
import type { CostlyProbes, Deployment } from './deployment.js';
import { CannedServer, deploymentOf, KEYS, type Canned } from './deployment.spec-kit.js';
import { PlaceholderServer } from './probes/websocket.js';

const ROOMS = { ListRooms: { body: '{"rooms":[]}' } };
/** A name that no resolver is asked for: one label is too long. */
const NO_HOST = `${'a'.repeat(64)}.invalid`;
/** Only where none ever comes. */
const NO_ANSWER_AFTER_MS = 200;
const PROBE_ROOM: CostlyProbes = { gladiaSession: false, probeRoom: 'roomscribe-doctor-spec' };

describe('the rows of a deployment', () => {
  const found = new Set<string>();
  const servers: { close(): Promise<void> }[] = [];
  let livekit: LiveKitSandbox;
  let gladia: GladiaSandbox;

  beforeAll(async () => {
    livekit = await startLiveKitSandbox({ ...KEYS, webhookUrls: [] });
    gladia = await startGladiaSandbox();
  });
  afterAll(async () => {
    await Promise.all([livekit.close(), gladia.close()]);
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
    livekit.egress.faults.clear();
    livekit.refuseCalls(false);
    gladia.options.apiKeys = undefined;
    gladia.options.maxSessions = Infinity;
  });

  const canned = async (answers: Readonly<Record<string, Canned>>): Promise<CannedServer> => {
    const server = await CannedServer.start(answers);
    servers.push(server);
    return server;
  };
  const resultOf = async (id: string, deployment: Deployment): Promise<CheckResult> => {
    const checks = CHECKS.filter((check) => check.id === id);
    const [result] = resultsOf(checks, await runDeploymentChecks(checks, deployment));
    found.add(`${id} ${result!.finding}`);
    return result!;
  };
  /** The row comes to this finding, with what the table says of it, and a remedy where it is broken. */
  const expectFinding = async (id: string, finding: string, deployment: Deployment): Promise<CheckResult> => {
    const result = await resultOf(id, deployment);
    expect(result).toMatchObject({ id, finding });
    const { findings } = CHECKS.find((check) => check.id === id)!;
    expect(result).toMatchObject({ ...findings[finding] });
    if (result.state === 'broken') expect(result.remedy).toMatch(/\w{3,}/);
    return result;
  };
  const withLiveKit = (answers: Readonly<Record<string, Canned>>) => async (costly?: CostlyProbes) =>
    deploymentOf({ LIVEKIT_HTTP_URL: (await canned({ ...answers, ...ROOMS })).url }, costly);
  const withGladia = async (answers: Readonly<Record<string, Canned>>, costly?: CostlyProbes) =>
    deploymentOf({ GLADIA_API_URL: (await canned(answers)).url }, costly);
  const sandboxed = (more: Readonly<Record<string, string>> = {}, costly?: CostlyProbes): Deployment =>
    deploymentOf({ LIVEKIT_HTTP_URL: livekit.url, GLADIA_API_URL: gladia.url, ...more }, costly);

  it('variables: fit', async () => {
    await expectFinding('variables', 'fit', sandboxed());
  });

  describe('livekit-reachable', () => {
    const ROW = 'livekit-reachable';
    const at = (url: string, timeoutMs?: number): Deployment =>
      deploymentOf({ LIVEKIT_HTTP_URL: url }, undefined, undefined, timeoutMs);

    it('is well, whatever becomes of the key', async () => {
      await expectFinding(ROW, 'reachable', sandboxed());
      await expectFinding(ROW, 'reachable', sandboxed({ LIVEKIT_API_SECRET: 'another' }));
    });

    it('tells the faults of the network apart', async () => {
      const hangs = await canned({ '': { instead: 'hang' } });
      const resets = await canned({ '': { instead: 'reset' } });
      await expectFinding(ROW, 'dns', at(`http://${NO_HOST}`));
      expect((await expectFinding(ROW, 'nothing-listens', at('http://127.0.0.1:2'))).facts).toEqual({
        code: 'ECONNREFUSED',
      });
      await expectFinding(ROW, 'no-route', at('http://255.255.255.255:7880'));
      await expectFinding(ROW, 'tls', at(`https://127.0.0.1:${hangs.port}`));
      await expectFinding(ROW, 'timeout', at(hangs.url, NO_ANSWER_AFTER_MS));
      await expectFinding(ROW, 'reset', at(resets.url));
    });

    it('tells LiveKit from something else, and from a server fault', async () => {
      for (const answer of [{ status: 404 }, { status: 302, headers: { location: '/login' } }, { body: '<html>' }]) {
        await expectFinding(ROW, 'not-livekit', at((await canned({ '': answer })).url));
      }
      livekit.refuseCalls(true);
      expect((await expectFinding(ROW, 'failing', sandboxed())).facts).toEqual({ status: 503 });
    });
  });

  describe('livekit-key', () => {
    const ROW = 'livekit-key';
    const refusing = async (body: string, headers = {}): Promise<Deployment> =>
      deploymentOf({ LIVEKIT_HTTP_URL: (await canned({ '': { status: 401, body, headers } })).url });

    it('tells a wrong key from a wrong secret', async () => {
      await expectFinding(ROW, 'accepted', sandboxed());
      await expectFinding(ROW, 'unknown-key', sandboxed({ LIVEKIT_API_KEY: 'another' }));
      await expectFinding(ROW, 'wrong-secret', sandboxed({ LIVEKIT_API_SECRET: 'another' }));
      await expectFinding(ROW, 'refused', await refusing('who are you?'));
    });

    it('notices clocks that differ', async () => {
      const headers = { Date: new Date(Date.now() + 3_600_000).toUTCString() };
      const { facts } = await expectFinding(ROW, 'clock-off', await refusing('invalid token: ey…', headers));
      expect(facts?.['clockAheadS']).toBeGreaterThan(3_500);
      await expectFinding(ROW, 'clock-off', await refusing('token has invalid claims: token is expired'));
    });

    it('is not asked where LiveKit does not answer', async () => {
      const result = await resultOf(ROW, deploymentOf({}));
      expect(result).toMatchObject({ state: 'skipped', finding: 'after-livekit' });
    });
  });

  describe('egress-api', () => {
    const ROW = 'egress-api';
    const answering = (answer: Canned) => withLiveKit({ ListEgress: answer })();

    it('is well, or not needed', async () => {
      await expectFinding(ROW, 'there', sandboxed());
      expect((await resultOf(ROW, sandboxed({ AUDIO_SOURCE: 'participant' }))).finding).toBe('not-used');
      expect((await resultOf(ROW, deploymentOf({}))).finding).toBe('after-livekit');
    });

    it('tells what is missing', async () => {
      const noRedis = '{"code":"internal","msg":"egress not connected (redis required)"}';
      await expectFinding(ROW, 'no-redis', await answering({ status: 500, body: noRedis }));
      await expectFinding(ROW, 'denied', await answering({ status: 401, body: 'permissions denied' }));
      await expectFinding(ROW, 'absent', await answering({ status: 404 }));
      livekit.egress.faults.api = 'failing';
      await expectFinding(ROW, 'failing', sandboxed());
      livekit.egress.faults.api = 'unanswered';
      await expectFinding(ROW, 'failing', sandboxed());
    });
  });

  describe('egress-start', () => {
    const ROW = 'egress-start';

    it('costs nothing unless it is asked for', async () => {
      expect((await resultOf(ROW, sandboxed())).finding).toBe('not-asked');
      expect(livekit.egress.list({})).toEqual([]);
    });

    it('starts one in a room of its own, and leaves neither behind', async () => {
      await expectFinding(ROW, 'started', sandboxed({}, PROBE_ROOM));
      expect(livekit.egress.list({})).toHaveLength(1);
      expect(livekit.egress.list({ active: true })).toEqual([]);
      expect(livekit.room('roomscribe-doctor-spec').sid).toBeUndefined();
    });

    it('lets a room be that was there before', async () => {
      const somebody = livekit.room('roomscribe-doctor-spec').join({ identity: 'somebody' });
      await expectFinding(ROW, 'started', sandboxed({}, PROBE_ROOM));
      expect(livekit.room('roomscribe-doctor-spec').sid).toBeDefined();
      expect(livekit.egress.list({ active: true })).toEqual([]);
      somebody.leave();
    });

    it('tells why none takes the job', async () => {
      const { faults } = livekit.egress;
      faults.unavailableStarts = 1;
      await expectFinding(ROW, 'no-worker', sandboxed({}, PROBE_ROOM));
      faults.limitedStarts = 1;
      await expectFinding(ROW, 'limit', sandboxed({}, PROBE_ROOM));
      faults.failingStarts = 1;
      await expectFinding(ROW, 'failing', sandboxed({}, PROBE_ROOM));
      await expectFinding(ROW, 'no-room', await withLiveKit({ CreateRoom: { status: 401 } })(PROBE_ROOM));
      const denying = { CreateRoom: { body: '{}' }, DeleteRoom: { body: '{}' }, StartTrackEgress: { status: 401 } };
      await expectFinding(ROW, 'denied', await withLiveKit(denying)(PROBE_ROOM));
    });

    it('stops one whose start was never answered', async () => {
      livekit.egress.faults.lostAnswers = 1;
      await expectFinding(ROW, 'failing', sandboxed({}, PROBE_ROOM));
      expect(livekit.egress.list({ active: true })).toEqual([]);
    });
  });

  describe('egress-address', () => {
    const ROW = 'egress-address';
    const at = (url: string, listener?: Deployment['listener'], timeoutMs?: number): Deployment =>
      deploymentOf({ LIVEKIT_HTTP_URL: livekit.url, EGRESS_WEBSOCKET_BASE_URL: url }, undefined, listener, timeoutMs);
    const answering = async (answer: Canned): Promise<Deployment> =>
      at(`ws://127.0.0.1:${(await canned({ '': answer })).port}/egress/audio`);
    /** Listens as the service does, and is the process under test, or another one. */
    const listening = async (host: string, isOurs = true): Promise<Deployment> => {
      const port = (await canned({})).port;
      await servers.pop()?.close();
      const deployment = at(`ws://${host}:${port}/egress/audio`, { kind: 'this-process' });
      const placeholder = await PlaceholderServer.open(
        port,
        isOurs ? deployment.reachProbe : at('ws://127.0.0.1:2').reachProbe,
      );
      servers.push(placeholder!);
      return deployment;
    };

    it('is well when it ends in this process', async () => {
      await expectFinding(ROW, 'reached-on-loopback', await listening('127.0.0.1'));
      await expectFinding(ROW, 'reached', await listening('[::ffff:127.0.0.1]'));
      expect((await resultOf(ROW, sandboxed({ AUDIO_SOURCE: 'participant' }))).finding).toBe('not-used');
    });

    it('tells another process, and another service, from this one', async () => {
      await expectFinding(ROW, 'other-process', await listening('127.0.0.1', false));
      await expectFinding(ROW, 'other-service', await answering({ says: '{"hello":"there"}' }));
    });

    it('compares with the service that runs beside the doctor', async () => {
      const service = await listening('127.0.0.1', false);
      const gatewayUrl = service.config.egress.websocketBaseUrl;
      await expectFinding(ROW, 'reached-on-loopback', at(gatewayUrl, { kind: 'service', gatewayUrl }));
      const old = (await listening('127.0.0.1', false)).config.egress.websocketBaseUrl;
      await expectFinding(ROW, 'other-process', at(old, { kind: 'service', gatewayUrl }));
    });

    it('knows that nobody elsewhere can dial this host’s loopback', async () => {
      const cloud = { LIVEKIT_HTTP_URL: 'https://project.livekit.cloud' };
      await expectFinding(
        ROW,
        'loopback',
        deploymentOf({ ...cloud, EGRESS_WEBSOCKET_BASE_URL: 'ws://localhost:3001' }),
      );
    });

    it('tells apart what a proxy may answer', async () => {
      await expectFinding(ROW, 'unauthorized', await answering({ status: 401 }));
      await expectFinding(
        ROW,
        'upgrade-eaten',
        await answering({ status: 404, body: '{"message":"Cannot GET /egress"}' }),
      );
      await expectFinding(ROW, 'upgrade-eaten', await answering({ status: 426 }));
      await expectFinding(ROW, 'not-found', await answering({ status: 404, body: 'default backend' }));
      await expectFinding(ROW, 'no-upgrade', await answering({ status: 200, body: '<html>' }));
      await expectFinding(ROW, 'redirect', await answering({ status: 308 }));
      await expectFinding(ROW, 'no-backend', await answering({ status: 502 }));
      await expectFinding(ROW, 'limited', await answering({ status: 429 }));
      expect((await expectFinding(ROW, 'answered', await answering({ status: 500 }))).facts).toEqual({ status: 500 });
    });

    it('tells the faults of the network apart', async () => {
      const hanging = await canned({ '': { instead: 'hang' } });
      await expectFinding(ROW, 'dns', at(`ws://${NO_HOST}/egress/audio`));
      await expectFinding(ROW, 'nothing-listens', at('ws://127.0.0.1:2/egress/audio'));
      await expectFinding(ROW, 'no-route', at('ws://255.255.255.255:3001/egress/audio'));
      await expectFinding(ROW, 'tls', at(`wss://127.0.0.1:${hanging.port}/egress/audio`));
      const silent = `ws://127.0.0.1:${hanging.port}/egress/audio`;
      await expectFinding(ROW, 'timeout', at(silent, undefined, NO_ANSWER_AFTER_MS));
      await expectFinding(ROW, 'reset', await answering({ instead: 'reset' }));
    });
  });

  describe('gladia-key', () => {
    const ROW = 'gladia-key';
    const at = (url: string, timeoutMs?: number): Deployment =>
      deploymentOf({ GLADIA_API_URL: url }, undefined, undefined, timeoutMs);

    it('is well, or refused', async () => {
      await expectFinding(ROW, 'accepted', sandboxed());
      gladia.options.apiKeys = ['another'];
      expect((await expectFinding(ROW, 'refused', sandboxed())).facts).toEqual({ status: 401 });
    });

    it('tells what else may be answered', async () => {
      await expectFinding(ROW, 'plan', await withGladia({ '': { status: 402 } }));
      await expectFinding(ROW, 'not-gladia', await withGladia({ '': { status: 404 } }));
      await expectFinding(ROW, 'not-gladia', await withGladia({ '': { body: '<html>' } }));
      await expectFinding(
        ROW,
        'not-gladia',
        await withGladia({ '': { status: 302, headers: { location: '/login' } } }),
      );
      await expectFinding(ROW, 'busy', await withGladia({ '': { status: 429 } }));
      await expectFinding(ROW, 'failing', await withGladia({ '': { status: 503 } }));
    });

    it('tells the faults of the network apart', async () => {
      const hangs = await canned({ '': { instead: 'hang' } });
      await expectFinding(ROW, 'dns', at(`https://${NO_HOST}`));
      await expectFinding(ROW, 'nothing-listens', at('http://127.0.0.1:2'));
      await expectFinding(ROW, 'no-route', at('http://255.255.255.255'));
      await expectFinding(ROW, 'tls', at(`https://127.0.0.1:${hangs.port}`));
      await expectFinding(ROW, 'timeout', at(hangs.url, NO_ANSWER_AFTER_MS));
      await expectFinding(ROW, 'reset', at((await canned({ '': { instead: 'reset' } })).url));
    });
  });

  describe('gladia-slot', () => {
    const ROW = 'gladia-slot';
    const ASKED: CostlyProbes = { gladiaSession: true };
    const giving = (url: string): Canned => ({ status: 201, body: JSON.stringify({ id: '1', url }) });

    it('costs nothing unless it is asked for', async () => {
      expect((await resultOf(ROW, sandboxed())).finding).toBe('not-asked');
      expect(gladia.sessions()).toEqual([]);
    });

    it('opens a session for a moment and leaves none behind', async () => {
      gladia.options.postDelayMs = 100;
      expect((await expectFinding(ROW, 'free', sandboxed({}, ASKED))).facts).toEqual({ deleted: true });
      expect(gladia.sessions()).toEqual([]);
      expect(gladia.requests.map(({ method }) => method)).toEqual(
        expect.arrayContaining(['POST', 'UPGRADE', 'DELETE']),
      );
    });

    it('tells why there is none', async () => {
      gladia.options.maxSessions = 0;
      expect((await expectFinding(ROW, 'none', sandboxed({}, ASKED))).facts).toEqual({ status: 429 });
      const list = { 'limit=1': { body: '{}' } };
      await expectFinding(ROW, 'settings', await withGladia({ ...list, '': { status: 422 } }, ASKED));
      await expectFinding(ROW, 'failing', await withGladia({ ...list, '': { status: 500 } }, ASKED));
      const elsewhere = { ...list, '': giving('wss://somewhere.example/v2/live?token=t') };
      await expectFinding(ROW, 'failing', await withGladia(elsewhere, ASKED));
      const socketless = { ...list, '/1': { status: 202 }, '': giving('ws://127.0.0.1:2/v2/live?token=t') };
      expect((await expectFinding(ROW, 'no-socket', await withGladia(socketless, ASKED))).facts).toEqual({
        code: 'ECONNREFUSED',
      });
    });

    it('is not asked with a key that is refused', async () => {
      gladia.options.apiKeys = ['another'];
      expect((await resultOf(ROW, sandboxed({}, ASKED))).finding).toBe('not-asked');
    });
  });

  describe('data-channel', () => {
    const ROW = 'data-channel';
    const answering = (answer: Canned) => withLiveKit({ SendData: answer })();

    it('is granted, with a room to send to and without one', async () => {
      await expectFinding(ROW, 'granted', sandboxed());
      await expectFinding(ROW, 'granted', sandboxed({}, PROBE_ROOM));
      expect(livekit.room('roomscribe-doctor-data').sid).toBeUndefined();
    });

    it('is denied, or fails', async () => {
      await expectFinding(ROW, 'denied', await answering({ status: 401 }));
      await expectFinding(ROW, 'failing', await answering({ status: 500 }));
      await expectFinding(ROW, 'failing', await answering({ instead: 'reset' }));
      expect((await resultOf(ROW, deploymentOf({}))).finding).toBe('after-livekit');
    });
  });

  it('have all been provoked', () => {
    const toFind = CHECKS.filter(({ ofDeployment }) => ofDeployment !== undefined).flatMap(({ id, findings }) =>
      Object.keys(findings).map((finding) => `${id} ${finding}`),
    );
    expect(toFind.filter((each) => !found.has(each))).toEqual([
      'variables wrong', // the doctor finds it before there is a deployment: test/e2e/doctor.spec.ts
      'gladia-slot held', // of a session: session-rows.spec.ts
      'data-channel lost',
      'data-channel delivers',
      'data-channel nothing-yet',
    ]);
  });

  it('survive a look that fails by itself', async () => {
    const broken = { ...CHECKS[0]!, ofDeployment: () => Promise.reject(new TypeError('secret in here')) };
    const [result] = resultsOf([broken], await runDeploymentChecks([broken], sandboxed()));
    expect(result).toMatchObject({ state: 'unknown', finding: 'look-failed', facts: { code: 'TypeError' } });
  });
});
