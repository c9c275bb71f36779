import { EventEmitter2 } from '@nestjs/event-emitter';
import { HealthIndicatorService } from '@nestjs/terminus';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventBus } from '../events/event-bus.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { GladiaApi } from './api/gladia-api.js';
import { GladiaLiveClient } from './gladia-live.client.js';
import { TestGladiaServer } from './gladia-server.spec-kit.js';
import { GladiaHealth } from './gladia.health.js';
import { settingsFor } from './stream.spec-kit.js';
import { ActiveEngine } from '../transcription/active-engine.js';
import { TranscriptionService } from '../transcription/transcription.service.js';

describe('GladiaHealth', () => {
  let server: TestGladiaServer;
  let transcription: TranscriptionService;

  const healthAt = (origin: string): GladiaHealth => {
    const settings = settingsFor(origin);
    const api = new GladiaApi(settings);
    const client = new GladiaLiveClient(settings, api);
    const engine = new ActiveEngine();
    engine.register(client);
    const events = new EventBus(new EventEmitter2());
    transcription = new TranscriptionService(events, engine, new SessionProblems(events));
    return new GladiaHealth(new HealthIndicatorService(), transcription, api, settings, engine, client);
  };

  beforeEach(async () => {
    server = await new TestGladiaServer().start();
  });

  afterEach(async () => {
    await transcription.beforeApplicationShutdown();
    await server.stop();
  });

  it('probes Gladia when idle, with the key, and not again for a while', async () => {
    const health = healthAt(server.origin);
    expect(await health.check()).toMatchObject({ gladia: { status: 'up', state: 'up', sessions: 0 } });
    await health.check();
    expect(server.requests).toEqual([{ method: 'GET', url: '/v2/live?limit=1', key: 'a-key' }]);
  });

  it('is degraded, never down, when Gladia cannot be reached or does not accept the key', async () => {
    server.refuseGet = () => 401;
    const reason = 'Gladia does not accept the API key';
    expect(await healthAt(server.origin).check()).toMatchObject({
      gladia: { status: 'up', state: 'degraded', reason },
    });
    expect(await healthAt('http://127.0.0.1:1').check()).toMatchObject({ gladia: { status: 'up', state: 'degraded' } });
  });

  it('reports sessions with problems without a probe', async () => {
    server.refusePost = () => ({ status: 402 });
    const health = healthAt(server.origin);
    transcription.open({ sessionId: 's', startSamples: 0, timeline: { activity: () => [] } });
    await server.when('the refusal', () => server.requests.length === 1);
    const wait = async (): Promise<void> => {
      if (transcription.reports()[0]?.state !== 'refused') await new Promise(setImmediate).then(wait);
    };
    await wait();
    expect(await health.check()).toMatchObject({ gladia: { state: 'degraded', sessions: 1, troubledSessions: 1 } });
    expect(server.requests).toHaveLength(1);
  });
});
