import { Test, type TestingModule } from '@nestjs/testing';
import { describe, expect, it, jest } from '@jest/globals';
import { AppConfigModule } from '../config/app-config.module.js';
import type { Config } from '../config/config.js';
import { parseConfig } from '../config/parse-config.js';
import { TranscriptReady } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { EventsModule } from '../events/events.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { MixedAudioSink } from '../media/mixed-audio-sink.js';
import { SessionStateModule } from '../sessions/session-state.module.js';
import { SessionReportReader } from '../sessions/session-report-reader.js';
import { StoreModule } from '../store/store.module.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { TestGladiaServer, transcript } from './gladia-server.spec-kit.js';
import { GladiaHealth } from './gladia.health.js';
import { GladiaModule } from './gladia.module.js';
import { RemoteSessionCleanup } from './stream/remote-session-cleanup.js';
import { TranscriptionService } from '../transcription/transcription.service.js';

useVirtualTime();

const configFor = (apiUrl: string, variables: Record<string, string> = {}): Config =>
  parseConfig({
    LIVEKIT_API_KEY: 'key',
    LIVEKIT_API_SECRET: 'secret',
    LIVEKIT_HTTP_URL: 'http://127.0.0.1:7880',
    GLADIA_API_KEY: 'a-key',
    GLADIA_API_URL: apiUrl,
    GLADIA_REGION: 'eu-west',
    DATABASE_URL: 'file::memory:',
    ...variables,
  });

const moduleFor = async (config: Config): Promise<TestingModule> => {
  const settings = AppConfigModule.register(config);
  const imports = [settings, EventsModule, MetricsModule, SessionStateModule, StoreModule, GladiaModule];
  return (await Test.createTestingModule({ imports }).compile()).init();
};

describe('GladiaModule', () => {
  it('passes mixed audio to Gladia, and ends the session when the service ends', async () => {
    const server = await new TestGladiaServer().start();
    const module = await moduleFor(configFor(server.origin));
    const sink = module.get(MixedAudioSink);
    expect(sink).toBe(module.get(TranscriptionService));
    const input = sink.open({ sessionId: 's', startSamples: 0, timeline: { activity: () => [] } });
    input.write(new Int16Array(6_400));
    await server.when('the audio', () => server.sessions[0]?.kept.length === 6_400);
    expect(server.requests[0]!.url).toBe('/v2/live?region=eu-west');
    expect(module.get(SessionReportReader).read('s')).toMatchObject({
      sections: { gladia: { state: 'live', reason: '' } },
      counters: { engineSessions: 1, bytesSent: 12_800 },
    });
    expect(await module.get(GladiaHealth).check()).toMatchObject({ gladia: { state: 'up', sessions: 1 } });
    await module.close();
    expect(server.sessions[0]!.stops).toBe(1);
    await server.stop();
  });

  it('logs at shutdown what is still to be deleted at Gladia', async () => {
    const server = await new TestGladiaServer().start();
    const module = await moduleFor(configFor(server.origin));
    const ended = jest.spyOn(module.get(RemoteSessionCleanup), 'ended');
    const input = module
      .get(MixedAudioSink)
      .open({ sessionId: 's', startSamples: 0, timeline: { activity: () => [] } });
    input.write(new Int16Array(6_400));
    await server.when('the audio', () => server.sessions[0]?.kept.length === 6_400);
    await module.close();
    await server.stop();
    expect(ended).toHaveBeenCalledWith('session-0');
  });

  it('publishes nothing below the configured confidence', async () => {
    const server = await new TestGladiaServer().start();
    const module = await moduleFor(configFor(server.origin, { MIN_UTTERANCE_MS: '400' }));
    const shown: string[] = [];
    module.get(EventBus).on(TranscriptReady, ({ segment }) => void shown.push(segment.text));
    const input = module
      .get(MixedAudioSink)
      .open({ sessionId: 's', startSamples: 0, timeline: { activity: () => [] } });
    input.write(new Int16Array(16_000));
    await server.when('the audio', () => server.sessions[0]?.kept.length === 16_000);
    for (const said of [transcript('00_0', true, ' um', 0.1, 0.2), transcript('00_1', true, ' surely', 0.3, 0.9)])
      server.sessions[0]!.sockets.at(-1)!.send(JSON.stringify(said));
    await module.close();
    await server.stop();
    expect(shown).toEqual(['surely']);
  });
});
