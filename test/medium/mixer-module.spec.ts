import { Global, Module } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { expect, it } from '@jest/globals';
import { gladiaConfig, mixerConfig, overloadConfig } from '../../src/config/namespaces.js';
import { SessionLive, TrackPublished } from '../../src/events/domain-events.js';
import { EventBus } from '../../src/events/event-bus.js';
import { EventsModule } from '../../src/events/events.module.js';
import { MixedAudioSink } from '../../src/media/mixed-audio-sink.js';
import { ROOM_MIX_SID } from '../../src/media/audio-source.js';
import { TrackAudioSink } from '../../src/media/track-audio-sink.js';
import { TrackSpeechActivity } from '../../src/media/track-speech-activity.js';
import { MetricsModule } from '../../src/metrics/metrics.module.js';
import { RecordingSink } from '../../src/mixer/mix.spec-kit.js';
import { MixerModule } from '../../src/mixer/mixer.module.js';
import { SessionStateModule } from '../../src/sessions/session-state.module.js';
import { TranscriptionModule } from '../../src/transcription/transcription.module.js';

@Module({ providers: [{ provide: MixedAudioSink, useClass: RecordingSink }], exports: [MixedAudioSink] })
class RecordingModule {}

@Global()
@Module({
  providers: [
    { provide: mixerConfig.KEY, useValue: { drainMs: 100, muteFadeMs: 0 } },
    { provide: gladiaConfig.KEY, useValue: { channels: 1 } },
    { provide: overloadConfig.KEY, useValue: { loopShare: 0 } },
  ],
  exports: [mixerConfig.KEY, gladiaConfig.KEY, overloadConfig.KEY],
})
class SettingsModule {}

it('is what tracks are sent to, listens once, and ends with the process', async () => {
  const imports = [SettingsModule, EventsModule, MetricsModule, SessionStateModule, MixerModule];
  const app = await Test.createTestingModule({ imports })
    .overrideModule(TranscriptionModule)
    .useModule(RecordingModule)
    .compile();
  await app.init();
  expect(app.get(EventEmitter2).listenerCount(SessionLive.name)).toBe(1);

  const events = app.get(EventBus);
  events.publish(new SessionLive('s', 'room', 0, { spoken: [], translateTo: [] }));
  events.publish(new TrackPublished('s', 'room', 'A', 'alice', 'Alice'));
  const tracks = app.get(TrackAudioSink, { strict: false });
  expect(tracks.admission('s', 'A')).toBe('admitted');
  expect(tracks.admission('s', ROOM_MIX_SID)).toBe('admitted');
  const voices = app.get(TrackSpeechActivity, { strict: false });
  expect(voices.silentForMs('s', 'A')).toBeUndefined();
  tracks.open('s', 'A');
  expect(voices.silentForMs('s', 'A')).toBeGreaterThanOrEqual(0);
  await app.close();
  expect(app.get<RecordingSink>(MixedAudioSink, { strict: false }).of('s').closes).toBe(1);
});
