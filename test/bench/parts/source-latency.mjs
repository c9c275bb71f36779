import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { built } from '../built.mjs';
import { HelperProcess } from '../helper-process.mjs';
import { LiveKitServer } from '../load/livekit-server.mjs';
import { delaysOf, monotonicMs, OnsetSink } from '../load/onset-sink.mjs';
import { cpuSeconds, residentBytes } from '../process-usage.mjs';
import { percentile } from '../statistics.mjs';
import { freePort } from '../subjects/free-port.mjs';

const BEEP_EVERY_MS = 1_000;
const BEEPS = 15;
/** Each is awaited before the next. */
const EGRESS_BEEPS = 5;
const SETTLE_MS = 3_000;
const ROOM = 'latency';
const TRACKS = [1, 5, 10];

/**
 * From the beginning of a sound to its first sample in the mixer, by source: a participant in a room of a real
 * livekit-server (LIVEKIT_SERVER_BIN), and the sandbox's Egress, which only has the times that were measured of a real one.
 */
export async function measureSourceLatency(say) {
  const participant = await measureParticipant(process.env.LIVEKIT_SERVER_BIN, say);
  say('source latency: the sandbox’s Egress');
  const { DEFAULT_EGRESS, TUNED_LATENCY_MS } = await built('libs/sandbox/egress/egress-settings.js');
  return {
    participant: participant?.latencyMs ?? null,
    participantProcess: participant?.process ?? null,
    egress: {
      stands: 'the sandbox in place of LiveKit’s Egress',
      tuned: await measureEgress({ ...DEFAULT_EGRESS, latencyMs: TUNED_LATENCY_MS }),
      default: await measureEgress(DEFAULT_EGRESS),
    },
  };
}

async function measureParticipant(binary, say) {
  if (binary === undefined) return undefined;
  const process = [];
  let latencyMs;
  for (const tracks of TRACKS) {
    say(`source latency: a participant in a real room, ${tracks} tracks`);
    const { delaysMs, ...usage } = await joinRoom(binary, tracks);
    latencyMs ??= summary(delaysMs);
    process.push({ tracks, latencyMs: summary(delaysMs), ...usage });
  }
  return { latencyMs, process };
}

async function joinRoom(binary, tracks) {
  const { ProcessPool } = await built('src/participant/process-pool.js');
  const { RoomSeat } = await built('src/participant/room-seat.js');
  const program = fileURLToPath(new URL('../../../dist/src/participant/child/main.js', import.meta.url));
  const livekit = await LiveKitServer.start(binary);
  const { apiKey, apiSecret } = LiveKitServer.keys;
  const args = [livekit.wsUrl, apiKey, apiSecret, ROOM, String(tracks), String(BEEP_EVERY_MS)];
  const people = await HelperProcess.start(new URL('../load/rtc-beeper.mjs', import.meta.url), { args });
  const pool = new ProcessPool({ program, roomsPerProcess: 10, memoryBytes: Infinity });
  const sink = new OnsetSink();
  const entrance = { entry: () => entryOf(livekit) };
  const seat = new RoomSeat({ sessionId: 'bench', room: ROOM, entrance, pool, sink, onUnusable: () => undefined });
  try {
    const carried = people.ready.trackSids.map((trackSid) => seat.carry({ sessionId: 'bench', room: ROOM, trackSid }));
    await Promise.all(carried.map(({ established }) => established));
    await pause(SETTLE_MS);
    sink.onsetsMs.length = 0;
    const [child] = pool.processes;
    const [startedMs, cpuBefore] = [monotonicMs(), cpuSeconds(child.pid)];
    await pause(BEEPS * BEEP_EVERY_MS);
    const cpu = (cpuSeconds(child.pid) - cpuBefore) / ((monotonicMs() - startedMs) / 1000);
    const { saidMs } = await people.figures();
    const delaysMs = delaysOf(saidMs.filter((said) => said >= startedMs).slice(0, -1), sink.onsetsMs);
    return { delaysMs, cpuShare: cpu, residentMb: residentBytes(child.pid) / 1e6 };
  } finally {
    seat.close();
    await pool.close();
    await people.stop();
    await livekit.stop();
  }
}

async function entryOf({ wsUrl }) {
  const { AccessToken } = await import('livekit-server-sdk');
  const { apiKey, apiSecret } = LiveKitServer.keys;
  const access = new AccessToken(apiKey, apiSecret, { identity: `bench-${monotonicMs()}`, ttl: 600 });
  access.kind = 'agent';
  access.addGrant({ room: ROOM, roomJoin: true, hidden: true });
  access.addGrant({ canSubscribe: true, canPublish: false, canPublishData: false });
  return { url: wsUrl, token: await access.toJwt() };
}

async function measureEgress(egress) {
  const { startLiveKitSandbox } = await built('libs/sandbox/livekit/livekit-sandbox.js');
  const { apiKey, apiSecret } = LiveKitServer.keys;
  const livekit = await startLiveKitSandbox({ apiKey, apiSecret, webhookUrls: [], egress });
  const track = livekit.room(ROOM).join({ identity: 'speaker' }).publish();
  const sink = new OnsetSink();
  const app = await gateway(livekit.url, sink);
  const { AudioSources } = await built('src/records/audio-sources.js');
  const source = app.get(AudioSources).find('egress');
  const carriage = source.carry({ sessionId: 'bench', room: ROOM, trackSid: track.sid, identity: 'speaker' });
  try {
    await carriage.established;
    const saidMs = [];
    const beep = { samples: Int16Array.from({ length: 1600 }, (_, i) => 12_000 * Math.cos((i * Math.PI) / 10)) };
    for (let i = 0; i < EGRESS_BEEPS; i++) {
      saidMs.push(monotonicMs());
      void track.say(beep);
      await pause(BEEP_EVERY_MS + egress.latencyMs);
    }
    return summary(delaysOf(saidMs, sink.onsetsMs));
  } finally {
    carriage.close('handed-over');
    await app.close();
    await livekit.close();
  }
}

/** The service with the sink in place of the mixer. */
async function gateway(livekitUrl, sink) {
  const port = await freePort();
  const { apiKey: LIVEKIT_API_KEY, apiSecret: LIVEKIT_API_SECRET } = LiveKitServer.keys;
  Object.assign(process.env, {
    ...{ PORT: String(port), LIVEKIT_API_KEY, LIVEKIT_API_SECRET, LIVEKIT_HTTP_URL: livekitUrl, AUTO_START: 'off' },
    ...{ GLADIA_API_KEY: 'bench', GLADIA_API_URL: 'http://127.0.0.1:9', DATABASE_URL: 'file::memory:' },
    EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${port}/egress/audio`,
  });
  const { Test } = await import('@nestjs/testing');
  const { AppModule } = await built('src/app.module.js');
  const { EgressWsAdapter } = await built('src/audio-gateway/egress-ws.adapter.js');
  const { TrackAudioSink } = await built('src/media/track-audio-sink.js');
  const testing = Test.createTestingModule({ imports: [AppModule] });
  const silent = { log() {}, warn() {}, error: console.error };
  const module = await testing.overrideProvider(TrackAudioSink).useValue(sink).setLogger(silent).compile();
  const app = module.createNestApplication();
  app.useWebSocketAdapter(new EgressWsAdapter(app));
  await app.listen(port);
  return app;
}

const summary = (delaysMs) => ({
  p50: percentile(delaysMs, 50),
  p99: percentile(delaysMs, 99),
  onsets: delaysMs.length,
});
