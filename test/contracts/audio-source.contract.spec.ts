import { describe } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { TUNED_LATENCY_MS } from '../../libs/sandbox/egress/egress-settings.js';
import { startLiveKitSandbox, type LiveKitSandbox } from '../../libs/sandbox/livekit/livekit-sandbox.js';
import type { SandboxTrack } from '../../libs/sandbox/livekit/sandbox-track.js';
import { tone } from '../../libs/audio/tone.spec-kit.js';
import { timePasses, useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { AppModule } from '../../src/app.module.js';
import { AppConfigModule, readConfig } from '../../src/config/app-config.module.js';
import { EgressWsAdapter } from '../../src/audio-gateway/egress-ws.adapter.js';
import { AudioStopped } from '../../src/events/domain-events.js';
import { EventBus } from '../../src/events/event-bus.js';
import { ROOM_MIX_SID, type AudioSource, type AudioSourceName } from '../../src/media/audio-source.js';
import { TrackAudioSink } from '../../src/media/track-audio-sink.js';
import { ProcessPool } from '../../src/participant/process-pool.js';
import { RoomCredentials, type RoomCredential } from '../../src/participant/room-credentials.js';
import { RtcPackage } from '../../src/participant/participant-source.js';
import { AudioSources } from '../../src/sources/audio-sources.port.js';
import { freePort } from '../free-port.js';
import { nodeProgram } from '../node-program.js';
import { Ears } from './audio-source-ears.js';
import { audioSourceContract, type SourceUnderTest } from './audio-source.contract.js';
import { TONES_HZ } from './tones.js';

const KEYS = { apiKey: 'devkey', apiSecret: 'a-secret-of-the-contract-tests-only' };
const TUNED = { latencyMs: TUNED_LATENCY_MS, dialDelayMs: 20, answerMs: 5 };
const ROOM = 'contract';
const SLOTS = 1;
const child = nodeProgram(new URL('audio-source-child.ts', import.meta.url));

describe('Egress, one a track, from the sandbox', () => {
  useVirtualTime();
  audioSourceContract(() => egressWorld('egress', 1));
});
describe('Egress, two tracks each, from the sandbox', () => {
  useVirtualTime();
  audioSourceContract(() => egressWorld('paired-egress', 2));
});
describe('Egress, the whole room at once, from the sandbox', () => {
  useVirtualTime();
  audioSourceContract(() => egressWorld('room-egress', 2));
});
describe('a participant, in a child process without LiveKit', () => {
  audioSourceContract(participantWorld);
});

class OpenEntrance extends RoomCredentials {
  override create(): Promise<RoomCredential> {
    return Promise.resolve({ url: 'ws://nowhere', token: 'any' });
  }
}

class SilentLogger implements LoggerService {
  readonly log = (): void => undefined;
  readonly warn = this.log;
  readonly error = this.log;
}

type EgressName = Exclude<AudioSourceName, 'participant'>;

interface World {
  readonly livekit: LiveKitSandbox;
  readonly ears: Ears;
  readonly pool: ProcessPool;
  readonly rtc: { isInstalled: boolean };
  source(name: AudioSourceName): AudioSource;
  soundStopped(): number;
  close(): Promise<void>;
}

async function startWorld(): Promise<World> {
  const port = await freePort();
  const livekit = await startLiveKitSandbox({ ...KEYS, webhookUrls: [], egress: TUNED });
  Object.assign(process.env, environment(port, livekit.url));
  const ears = new Ears();
  const pool = new ProcessPool({ program: child, roomsPerProcess: 2, memoryBytes: Infinity });
  const rtc = { isInstalled: true };
  const testing = await Test.createTestingModule({ imports: [AppConfigModule.register(readConfig()), AppModule] })
    .overrideProvider(TrackAudioSink)
    .useValue(ears)
    .overrideProvider(ProcessPool)
    .useValue(pool)
    .overrideProvider(RoomCredentials)
    .useClass(OpenEntrance)
    .overrideProvider(RtcPackage)
    .useValue(rtc)
    .setLogger(new SilentLogger())
    .compile();
  const app = testing.createNestApplication<NestExpressApplication>();
  app.useWebSocketAdapter(new EgressWsAdapter(app));
  await app.listen(port);
  const source = (name: AudioSourceName): AudioSource => {
    const found = app.get(AudioSources).find(name);
    if (found === undefined) throw new Error(`there is no source ${name}`);
    return found;
  };
  let stops = 0;
  app.get(EventBus).on(AudioStopped, () => {
    stops += 1;
  });
  const close = async (): Promise<void> => {
    await app.close();
    await livekit.close();
  };
  return { livekit, ears, pool, rtc, source, soundStopped: () => stops, close };
}

const environment = (port: number, livekitUrl: string): Record<string, string> => ({
  NODE_ENV: 'test',
  PORT: String(port),
  LIVEKIT_API_KEY: KEYS.apiKey,
  LIVEKIT_API_SECRET: KEYS.apiSecret,
  LIVEKIT_HTTP_URL: livekitUrl,
  GLADIA_API_KEY: 'test',
  GLADIA_API_URL: 'http://127.0.0.1:9',
  DATABASE_URL: 'file::memory:',
  AUTO_START: 'off',
  EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${port}/egress/audio`,
  EGRESS_MAX_CONCURRENT: String(SLOTS),
});

async function egressWorld(name: EgressName, people: 1 | 2): Promise<SourceUnderTest> {
  const world = await startWorld();
  const published = TONES_HZ.slice(0, people).map((hz) => {
    const identity = `hums-at-${hz}`;
    const track = world.livekit.room(ROOM).join({ identity }).publish();
    void hum(track, hz);
    return { hz, published: track, track: { sessionId: 's', room: ROOM, trackSid: track.sid, identity } };
  });
  const [first, second] = published;
  if (first === undefined) throw new Error('nobody is there');
  const unpublish = (): void => published.forEach((each) => each.published.unpublish());
  const { ears, soundStopped } = world;
  return {
    ...{ source: world.source(name), ears, soundStopped, unpublish },
    track: first.track,
    ...(name === 'paired-egress' && second && { wishes: { partner: second.track } }),
    tones:
      name === 'room-egress'
        ? [{ sid: ROOM_MIX_SID, tonesHz: TONES_HZ }]
        : published.map(({ track, hz }) => ({ sid: track.trackSid, tonesHz: [hz] })),
    soundGoesOn: () => timePasses(300),
    crash: () => world.livekit.egress.kill(),
    fill: () => {
      const other = { sessionId: 'another', room: ROOM, trackSid: 'TR_another', identity: 'another' };
      world.source('egress').subscribe(other);
    },
    close: async () => {
      unpublish();
      await world.close();
    },
  };
}

/** A tone without an end, as long as the track is there. */
async function hum(track: SandboxTrack, hz: number): Promise<void> {
  const second = { samples: tone(hz, 16_000, 16_000, 0.3) };
  while (track.published) await track.say(second);
}

async function participantWorld(): Promise<SourceUnderTest> {
  const world = await startWorld();
  const track = { sessionId: 's', room: ROOM, trackSid: 'TR_440', identity: 'hums' };
  return {
    source: world.source('participant'),
    ears: world.ears,
    soundStopped: world.soundStopped,
    track,
    tones: [{ sid: track.trackSid, tonesHz: [440] }],
    crash: async () => {
      const [running] = world.pool.processes;
      process.kill(running?.pid ?? -1, 'SIGKILL');
      await running?.ended;
    },
    unpublish: () => undefined,
    soundGoesOn: async () => {
      const other = { sessionId: 's', room: ROOM, trackSid: 'TR_900', identity: 'hums-too' };
      world.source('participant').subscribe(other);
      await world.ears.hears(other.trackSid, [900]);
    },
    fill: () => (world.rtc.isInstalled = false),
    close: () => world.close(),
  };
}
