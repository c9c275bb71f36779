import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EgressClient } from 'livekit-server-sdk';
import type { StatusMessage, TranscriptMessage } from '../../libs/protocol/message.js';
import { accessToken, ApiClient } from '../../libs/sandbox/demo/api-client.js';
import { displayName } from '../../libs/sandbox/demo/cast.js';
import { GladiaProcess } from '../../libs/sandbox/demo/gladia-process.js';
import { ServiceProcess } from '../../libs/sandbox/demo/service-process.js';
import { differences } from '../../libs/sandbox/demo/verdict.js';
import { startEgressProxy, type EgressProxy } from '../../libs/sandbox/egress/egress-proxy.js';
import { TUNED_LATENCY_MS } from '../../libs/sandbox/egress/egress-settings.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { decode } from '../../libs/protocol/codec.js';
import { freePort } from '../free-port.js';
import { isEnd, isFinal, messagesTo, messageTo } from '../room-messages.js';
import { LiveKitServer } from './livekit-server.js';
import { RtcPerson } from './rtc-person.js';
import { ROOM, SandboxedService } from './sandboxed-service.js';

const PEOPLE = ['alice', 'bob', 'carol', 'dan', 'erin'];
/** Who says which recordings: each voice is one person's own. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  alice: ['alice-1', 'alice-2'],
  bob: ['bob-1', 'bob-2'],
  carol: ['carol-5', 'carol-6'],
  dan: ['bob-4', 'bob-5'],
  erin: ['alice-3', 'alice-5'],
};
const recordings = new Map(loadRecordings().map((recording) => [recording.id, recording]));
const line = (identity: string, n: number) => recordings.get(LINES[identity]![n]!)!;
const said = (people: readonly string[], lines: readonly number[]) =>
  lines.flatMap((n) => people.map((speaker) => ({ speaker, text: line(speaker, n).text })));

/** WebRTC shortens what it plays in the first seconds of a subscription, by up to 55 ms: this test is about words. */
const SETTLE_MS = 3_000;

/** Five receivers play out with delays of their own: without a pause the end of one turn overlaps the start of the next. */
const TURN_PAUSE_MS = 400;

interface TrackView {
  readonly identity: string;
  readonly state?: string;
  readonly source?: string;
}
const allStream = (tracks: readonly TrackView[], count: number): boolean =>
  tracks.length === count && tracks.every(({ state }) => state === 'streaming');
describe('more people than Egress has slots for', () => {
  let world: SandboxedService;

  afterEach(async () => {
    await world.close();
  });

  const tracksOf = (session: { tracks: readonly object[] }): TrackView[] => session.tracks as TrackView[];
  const until = async (condition: (tracks: readonly TrackView[]) => boolean): Promise<TrackView[]> =>
    tracksOf(await world.until((session) => condition(tracksOf(session))));

  it('four share two slots, two by two, each under the own name; the egresses end with the last', async () => {
    world = await SandboxedService.start({ latencyMs: TUNED_LATENCY_MS }, { EGRESS_OVERFLOW: 'pair,queue' });
    const people = PEOPLE.slice(0, 4);
    const room = world.livekit.room(ROOM);
    const seats = people.map((identity) => room.join({ identity, name: displayName(identity) }));
    const tracks = seats.map((seat) => seat.publish());
    const streaming = await until((seen) => allStream(seen, 4));
    expect(new Set(streaming.map(({ source }) => source))).toEqual(new Set(['paired-egress']));

    for (const n of [0, 1]) for (const [i, track] of tracks.entries()) await track.say(line(people[i]!, n));
    const { id } = await world.until(() => true);
    await world.api.post(`/sessions/${id}/end`);
    await messageTo(seats[0]!, isEnd);
    expect(differences(said(people, [0, 1]), messagesTo(seats[0]!).filter(isFinal))).toEqual([]);
    const client = new EgressClient(world.livekit.url, 'devkey', 'a-secret-of-the-end-to-end-tests-only');
    expect(await client.listEgress({ active: true })).toEqual([]);
  });

  it('who comes one by one is paired too, and what is missed meanwhile has a name', async () => {
    world = await SandboxedService.start({ latencyMs: TUNED_LATENCY_MS }, { EGRESS_OVERFLOW: 'pair,queue' });
    const people = PEOPLE.slice(0, 4);
    const room = world.livekit.room(ROOM);
    const seats = [];
    for (const [i, identity] of people.entries()) {
      const seat = room.join({ identity, name: displayName(identity) });
      const track = seat.publish();
      seats.push({ seat, track });
      await until((seen) => allStream(seen, i + 1));
      await track.say(line(identity, 0));
    }
    await until((seen) => seen.every(({ source, state }) => source === 'paired-egress' && state === 'streaming'));
    for (const [i, { track }] of seats.entries()) await track.say(line(people[i]!, 1));
    const { id } = await world.until(() => true);
    await world.api.post(`/sessions/${id}/end`);
    const { seat } = seats[0]!;
    await messageTo(seat, isEnd);
    expect(differences(said(people, [0, 1]), messagesTo(seat).filter(isFinal))).toEqual([]);
    const gaps = messagesTo(seat).filter(
      (message): message is StatusMessage => message.type === 'status' && message.status === 'gap',
    );
    for (const gap of gaps) expect(gap.endMs).toBeGreaterThan(gap.startMs ?? Infinity);
  });

  it('who finds no slot waits, and what was not heard is told when it comes', async () => {
    world = await SandboxedService.start({ latencyMs: TUNED_LATENCY_MS });
    const room = world.livekit.room(ROOM);
    const seats = PEOPLE.slice(0, 3).map((identity) => room.join({ identity, name: displayName(identity) }));
    for (const seat of seats) seat.publish();
    const waiting = await until((seen) => seen.filter(({ state }) => state === 'streaming').length === 2);
    expect(waiting.map(({ state }) => state).sort()).toEqual(['streaming', 'streaming', 'waiting-for-egress-slot']);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    seats[0]!.leave();
    await until((seen) => allStream(seen, 2));
    const gap = await messageTo(
      seats[1]!,
      (message): message is StatusMessage =>
        message.type === 'status' && message.status === 'gap' && (message.endMs ?? 0) - (message.startMs ?? 0) > 5_000,
    );
    expect(gap.identity).toBe(PEOPLE[2]);
  });
});

const binary = process.env['LIVEKIT_SERVER_BIN'];
const keys = { apiKey: 'devkey', apiSecret: 'a-secret-of-the-end-to-end-test-only' };
const suite = binary === undefined ? describe.skip : describe;
if (binary === undefined) {
  process.stderr.write('skipped: five people need livekit-server; set LIVEKIT_SERVER_BIN to its binary\n');
}

suite('five people under a limit of two, in a real room', () => {
  let livekit: LiveKitServer;
  let egress: EgressProxy;
  let gladia: GladiaProcess;
  let service: ServiceProcess;
  let api: ApiClient;
  const people = new Map<string, RtcPerson>();

  beforeEach(async () => {
    const port = await freePort();
    const webhookUrl = `http://127.0.0.1:${port}/livekit/webhook`;
    livekit = await LiveKitServer.start({ ...keys, binary: binary ?? '', webhookUrl });
    const { httpUrl: upstreamUrl, wsUrl } = livekit;
    egress = await startEgressProxy({ ...keys, upstreamUrl, wsUrl, webhookUrls: [webhookUrl], egress: { slots: 2 } });
    gladia = await GladiaProcess.start(process.cwd());
    service = await ServiceProcess.start({
      root: process.cwd(),
      env: {
        PORT: String(port),
        LIVEKIT_API_KEY: keys.apiKey,
        LIVEKIT_API_SECRET: keys.apiSecret,
        LIVEKIT_HTTP_URL: egress.url,
        NEXT_PUBLIC_LIVEKIT_URL: wsUrl,
        EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${port}/egress/audio`,
        EGRESS_OVERFLOW: 'pair,participant',
        DATABASE_URL: 'file::memory:',
        GLADIA_API_KEY: 'test',
        GLADIA_API_URL: gladia.url,
      },
    });
    api = new ApiClient(service.url, await accessToken(keys.apiKey, keys.apiSecret, { roomAdmin: true, room: ROOM }));
  }, 60_000);

  afterEach(async () => {
    for (const person of people.values()) await person.leave();
    await service.stop();
    await Promise.all([egress.close(), gladia.close()]);
    await livekit.stop();
  }, 60_000);

  const until = async (
    condition: (tracks: readonly TrackView[]) => boolean,
  ): Promise<{ id: string; tracks: TrackView[] }> => {
    for (const deadline = Date.now() + 40_000; ;) {
      const [session] = await api.get<{ id: string; tracks: TrackView[] }[]>('/sessions');
      if (session !== undefined && condition(session.tracks)) return session;
      if (Date.now() > deadline) throw new Error(`the session does not get there: ${JSON.stringify(session)}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };

  it('are transcribed to the end, every word, each under the own name', async () => {
    for (const identity of PEOPLE) {
      const person = await RtcPerson.join({
        ...keys,
        wsUrl: livekit.wsUrl,
        room: ROOM,
        identity,
        name: displayName(identity),
      });
      await person.publishMicrophone();
      people.set(identity, person);
    }
    await until((seen) => allStream(seen, 5));
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const { id, tracks } = await until((seen) => allStream(seen, 5));
    const sources = tracks.map(({ source }) => source);
    expect(new Set(sources)).toEqual(new Set([...sources, 'paired-egress', 'participant']));

    for (const n of [0, 1]) {
      for (const identity of PEOPLE) {
        await people.get(identity)?.say(line(identity, n));
        await people.get(identity)?.pause(TURN_PAUSE_MS);
      }
    }
    await api.post(`/sessions/${id}/end`);
    const listener = people.get('alice')!;
    const messages = () => listener.received.map(({ payload }) => decode(payload));
    await listener.until(() => messages().some(isEnd));
    const transcripts = messages().filter((message): message is TranscriptMessage => message.type === 'transcript');
    expect(differences(said(PEOPLE, [0, 1]), transcripts)).toEqual([]);
  });
});
