import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { Config } from '../config/config.js';
import { parseConfig } from '../config/parse-config.js';
import { EventsModule } from '../events/events.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { MixedAudioSink } from '../media/mixed-audio-sink.js';
import { RecordsModule } from '../records/records.module.js';
import { SessionReports } from '../records/session-reports.js';
import { StoreModule } from '../store/store.module.js';
import { TestGladiaServer } from './gladia-server.spec-kit.js';
import { GladiaHealth } from './gladia.health.js';
import { GladiaModule } from './gladia.module.js';
import { TranscriptionService } from './transcription.service.js';

const configFor = (apiUrl: string): Config =>
  parseConfig({
    LIVEKIT_API_KEY: 'key',
    LIVEKIT_API_SECRET: 'secret',
    LIVEKIT_HTTP_URL: 'http://127.0.0.1:7880',
    GLADIA_API_KEY: 'a-key',
    GLADIA_API_URL: apiUrl,
    GLADIA_REGION: 'eu-west',
    DATABASE_URL: 'file::memory:',
  });

describe('GladiaModule', () => {
  it('takes mixed sound to Gladia, and ends it when the service does', async () => {
    const server = await new TestGladiaServer().start();
    const config = configFor(server.origin);
    @Global()
    @Module({ providers: [{ provide: Config, useValue: config }], exports: [Config] })
    class ConfigStandIn {}
    const imports = [ConfigStandIn, EventsModule, MetricsModule, RecordsModule, StoreModule, GladiaModule];
    const module = await (await Test.createTestingModule({ imports }).compile()).init();
    const sink = module.get(MixedAudioSink);
    expect(sink).toBe(module.get(TranscriptionService));
    const input = sink.open({ sessionId: 's', startSamples: 0, timeline: { activity: () => [] } });
    input.write(new Int16Array(6_400));
    await server.when('the sound', () => server.sessions[0]?.kept.length === 6_400);
    expect(server.requests[0]!.url).toBe('/v2/live?region=eu-west');
    expect(module.get(SessionReports).read('s')).toMatchObject({
      sections: { gladia: { state: 'live', reason: '' } },
      counters: { engineSessions: 1, bytesSent: 12_800 },
    });
    expect(await module.get(GladiaHealth).check()).toMatchObject({ gladia: { state: 'up', sessions: 1 } });
    await module.close();
    expect(server.sessions[0]!.stops).toBe(1);
    await server.stop();
  });
});
