import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Test } from '@nestjs/testing';
import { AccessToken } from 'livekit-server-sdk';
import { DEFAULT_EGRESS, TUNED_LATENCY_MS, type EgressSettings } from '../../../libs/sandbox/egress/egress-settings.js';
import { startLiveKitSandbox } from '../../../libs/sandbox/livekit/livekit-sandbox.js';
import { AppModule } from '../../../src/app.module.js';
import { EgressWsAdapter } from '../../../src/audio-gateway/egress-ws.adapter.js';
import { AppConfigModule, readConfig } from '../../../src/config/app-config.module.js';
import { TrackAudioSink } from '../../../src/media/track-audio-sink.js';
import { ProcessPool } from '../../../src/participant/process-pool.js';
import { RoomCredentials, type RoomCredential } from '../../../src/participant/room-credentials.js';
import { RoomSubscription } from '../../../src/participant/room-subscription.js';
import { AudioSources } from '../../../src/sources/audio-sources.port.js';
import { LiveKitServer } from '../../e2e/livekit-server.js';
import { freePort } from '../../free-port.js';
import { HelperProcess } from '../helper-process.js';
import { delaysOf, monotonicMs, OnsetSink } from '../load/onset-sink.js';
import type { BeeperFigures, BeeperReady } from '../load/rtc-beeper.js';
import { ROOT } from '../machine.js';
import { cpuSeconds, residentBytes } from '../process-usage.js';
import { latencyFigures, type LatencyFigures } from '../statistics.js';
import type { Progress } from './service-run.js';

const KEYS = { apiKey: 'bench', apiSecret: 'a-secret-that-only-the-bench-knows-32' };
const BEEP_EVERY_MS = 1_000;
const BEEPS = 15;
/** Each is awaited before the next. */
const EGRESS_BEEPS = 5;
const SETTLE_MS = 3_000;
const ROOM = 'latency';
const TRACKS = [1, 5, 10];

interface ParticipantFigures {
  readonly tracks: number;
  readonly latencyMs: LatencyFigures;
  /** Of one core. */
  readonly cpuShare: number;
  readonly residentMb: number;
}

export interface SourceFigures {
  /** With one track; null where there is no livekit-server. */
  readonly participant: LatencyFigures | null;
  readonly participantProcess: readonly ParticipantFigures[] | null;
  readonly egress: { readonly tuned: LatencyFigures; readonly default: LatencyFigures };
}

/**
 * From the beginning of a sound to its first sample in the mixer, by source: a participant in a room of a real
 * livekit-server (LIVEKIT_SERVER_BIN), and the sandbox's Egress, which only has the times that were measured of a real one.
 */
export async function measureSourceLatency(progress: Progress): Promise<SourceFigures> {
  const participant = await measureParticipant(process.env['LIVEKIT_SERVER_BIN'], progress);
  progress('source latency: the sandbox’s Egress');
  return {
    participant: participant?.[0]?.latencyMs ?? null,
    participantProcess: participant ?? null,
    egress: {
      tuned: await measureEgress({ ...DEFAULT_EGRESS, latencyMs: TUNED_LATENCY_MS }),
      default: await measureEgress(DEFAULT_EGRESS),
    },
  };
}

async function measureParticipant(
  binary: string | undefined,
  progress: Progress,
): Promise<ParticipantFigures[] | undefined> {
  if (binary === undefined) return undefined;
  const rows: ParticipantFigures[] = [];
  for (const tracks of TRACKS) {
    progress(`source latency: a participant in a real room, ${tracks} tracks`);
    rows.push({ tracks, ...(await joinRoom(binary, tracks)) });
  }
  return rows;
}

async function joinRoom(binary: string, tracks: number): Promise<Omit<ParticipantFigures, 'tracks'>> {
  const livekit = await LiveKitServer.start({ binary, ...KEYS });
  const args = [livekit.wsUrl, KEYS.apiKey, KEYS.apiSecret, ROOM, String(tracks), String(BEEP_EVERY_MS)];
  const people = await HelperProcess.start<object, BeeperFigures, BeeperReady>(
    new URL('../load/rtc-beeper.js', import.meta.url),
    args,
  );
  const program = join(ROOT, 'dist', 'src', 'participant', 'child', 'main.js');
  const pool = new ProcessPool({ program, roomsPerProcess: 10, memoryBytes: Infinity });
  const sink = new OnsetSink();
  const ignore = (): void => undefined;
  const credentials = new HiddenEntrance(livekit.wsUrl);
  const listeners = { onSoundStopped: ignore, onUnusable: ignore };
  const seat = new RoomSubscription({ sessionId: 'bench', room: ROOM, credentials, pool, sink, ...listeners });
  try {
    const carried = people.ready.trackSids.flatMap((trackSid, i) => {
      const carriage = seat.subscribe({ sessionId: 'bench', room: ROOM, trackSid, identity: `speaker-${i}` });
      return carriage === undefined ? [] : [carriage.established];
    });
    await Promise.all(carried);
    await sleep(SETTLE_MS);
    sink.onsetsMs.length = 0;
    const pid = pool.processes[0]?.pid;
    if (pid === undefined) throw new Error('no process has joined the room');
    const [startedMs, cpuBeforeS] = [monotonicMs(), cpuSeconds(pid)];
    await sleep(BEEPS * BEEP_EVERY_MS);
    const cpuShare = (cpuSeconds(pid) - cpuBeforeS) / ((monotonicMs() - startedMs) / 1000);
    const { beepsMs } = await people.figures();
    const delaysMs = delaysOf(beepsMs.filter((beep) => beep >= startedMs).slice(0, -1), sink.onsetsMs);
    return { latencyMs: latencyFigures(delaysMs), cpuShare, residentMb: residentBytes(pid) / 1e6 };
  } finally {
    seat.close();
    await pool.close();
    await people.stop();
    await livekit.stop();
  }
}

/** A participant whom nobody sees. */
class HiddenEntrance extends RoomCredentials {
  constructor(private readonly url: string) {
    super();
  }

  override async create(): Promise<RoomCredential> {
    const identity = `bench-${monotonicMs()}`;
    const access = new AccessToken(KEYS.apiKey, KEYS.apiSecret, { identity, ttl: 600 });
    access.kind = 'agent';
    access.addGrant({ room: ROOM, roomJoin: true, hidden: true });
    access.addGrant({ canSubscribe: true, canPublish: false, canPublishData: false });
    return { url: this.url, token: await access.toJwt() };
  }
}

async function measureEgress(egress: EgressSettings): Promise<LatencyFigures> {
  const livekit = await startLiveKitSandbox({ ...KEYS, webhookUrls: [], egress });
  const track = livekit.room(ROOM).join({ identity: 'speaker' }).publish();
  const sink = new OnsetSink();
  const app = await serviceWith(sink, livekit.url);
  const source = app.get(AudioSources).find('egress');
  const carriage = source?.subscribe({ sessionId: 'bench', room: ROOM, trackSid: track.sid, identity: 'speaker' });
  try {
    if (carriage === undefined) throw new Error('Egress does not carry the track');
    await carriage.established;
    const beepsMs: number[] = [];
    const beep = { samples: Int16Array.from({ length: 1600 }, (_, i) => 12_000 * Math.cos((i * Math.PI) / 10)) };
    for (let i = 0; i < EGRESS_BEEPS; i++) {
      beepsMs.push(monotonicMs());
      void track.say(beep);
      await sleep(BEEP_EVERY_MS + egress.latencyMs);
    }
    return latencyFigures(delaysOf(beepsMs, sink.onsetsMs));
  } finally {
    carriage?.close('handed-over');
    await app.close();
    await livekit.close();
  }
}

/** The service with the sink in place of the mixer. */
async function serviceWith(sink: OnsetSink, livekitUrl: string) {
  const port = await freePort();
  Object.assign(process.env, {
    ...{ PORT: String(port), LIVEKIT_API_KEY: KEYS.apiKey, LIVEKIT_API_SECRET: KEYS.apiSecret },
    ...{ LIVEKIT_HTTP_URL: livekitUrl, AUTO_START: 'off' },
    ...{ GLADIA_API_KEY: 'bench', GLADIA_API_URL: 'http://127.0.0.1:9', DATABASE_URL: 'file::memory:' },
    EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${port}/egress/audio`,
  });
  const testing = Test.createTestingModule({ imports: [AppConfigModule.register(readConfig()), AppModule] });
  const silent = { log: () => undefined, warn: () => undefined, error: console.error };
  const module = await testing.overrideProvider(TrackAudioSink).useValue(sink).setLogger(silent).compile();
  const app = module.createNestApplication();
  app.useWebSocketAdapter(new EgressWsAdapter(app));
  await app.listen(port);
  return app;
}
