import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accessToken, ApiClient } from '../../libs/sandbox/demo/api-client.js';
import { castIdentities, displayName, play } from '../../libs/sandbox/demo/cast.js';
import { ServiceProcess } from '../../libs/sandbox/demo/service-process.js';
import { differences, firstGap } from '../../libs/sandbox/demo/verdict.js';
import { startEgressProxy, type EgressProxy } from '../../libs/sandbox/egress/egress-proxy.js';
import { GladiaProcess } from '../../libs/sandbox/demo/gladia-process.js';
import { decode } from '../../libs/protocol/codec.js';
import type { Message, SnapshotMessage, TranscriptMessage } from '../../libs/protocol/message.js';
import { freePort } from '../free-port.js';
import { LiveKitServer } from './livekit-server.js';
import { RtcPerson } from './rtc-person.js';

const binary = process.env['LIVEKIT_SERVER_BIN'];
const keys = { apiKey: 'devkey', apiSecret: 'a-secret-of-the-end-to-end-test-only' };
const ROOM = 'real-room';
const LATE_JOINERS = 8;

interface SessionView {
  readonly id: string;
  readonly room: string;
  readonly status: string;
  readonly tracks: readonly { readonly state?: string }[];
}

const suite = binary === undefined ? describe.skip : describe;
if (binary === undefined) {
  process.stderr.write('skipped: the real room needs livekit-server; set LIVEKIT_SERVER_BIN to its binary\n');
}

suite('a real room on a real livekit-server', () => {
  let livekit: LiveKitServer;
  let egress: EgressProxy;
  let gladia: GladiaProcess;
  let service: ServiceProcess;
  let api: ApiClient;
  let people: Map<string, RtcPerson>;
  let listener: RtcPerson;
  let late: RtcPerson[];

  const join = async (identity: string): Promise<RtcPerson> =>
    RtcPerson.join({ ...keys, wsUrl: livekit.wsUrl, room: ROOM, identity, name: displayName(identity) });

  beforeEach(async () => {
    people = new Map();
    late = [];
    const port = await freePort();
    const webhookUrl = `http://127.0.0.1:${port}/livekit/webhook`;
    livekit = await LiveKitServer.start({ ...keys, binary: binary ?? '', webhookUrl });
    egress = await startEgressProxy({
      ...keys,
      upstreamUrl: livekit.httpUrl,
      wsUrl: livekit.wsUrl,
      webhookUrls: [webhookUrl],
    });
    gladia = await GladiaProcess.start(process.cwd());
    service = await ServiceProcess.start({
      root: process.cwd(),
      env: {
        PORT: String(port),
        LIVEKIT_API_KEY: keys.apiKey,
        LIVEKIT_API_SECRET: keys.apiSecret,
        LIVEKIT_HTTP_URL: egress.url,
        EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${port}/egress/audio`,
        EGRESS_MAX_CONCURRENT: '5',
        GLADIA_API_KEY: 'test',
        GLADIA_API_URL: gladia.url,
      },
    });
    api = new ApiClient(service.url, await accessToken(keys.apiKey, keys.apiSecret, { roomAdmin: true, room: ROOM }));
  }, 60_000);

  afterEach(async () => {
    for (const person of [...people.values(), ...late, listener]) await person.leave();
    await service.stop();
    await Promise.all([egress.close(), gladia.close()]);
    await livekit.stop();
  }, 60_000);

  const untilSession = async (condition: (session: SessionView) => boolean): Promise<SessionView> => {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const session = (await api.get<SessionView[]>('/sessions')).find(({ room }) => room === ROOM);
      if (session !== undefined && condition(session)) return session;
      if (Date.now() > deadline) throw new Error(`the session does not get there: ${JSON.stringify(session)}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };

  /** Resolves when they have on their screen what was said before, whenever their data channel has opened. */
  const joinLate = async (identity: string): Promise<void> => {
    const person = await join(identity);
    late.push(person);
    const snapshot = (): SnapshotMessage | undefined =>
      person.received.map(({ payload }) => decode(payload)).find((message) => message.type === 'snapshot');
    await person.until(() => snapshot() !== undefined);
    expect(snapshot()?.segments.map(({ speaker }) => speaker?.identity)).toContain('alice');
  };

  it('goes live by LiveKit’s own webhook, and everybody in the room gets every sentence under the right name', async () => {
    listener = await join('listener');
    for (const identity of castIdentities()) {
      const person = await join(identity);
      await person.publishMicrophone();
      people.set(identity, person);
    }
    const everybody = (session: SessionView): boolean =>
      session.status === 'live' && session.tracks.filter(({ state }) => state === 'streaming').length === people.size;
    const { id } = await untilSession(everybody);

    const said = await play(people);
    for (let n = 0; n < LATE_JOINERS; n++) await joinLate(`late-${n}`);
    await api.post(`/sessions/${id}/end`);
    const messages = (): Message[] => listener.received.map(({ payload }) => decode(payload));
    await listener.until(() => messages().some((message) => message.type === 'status' && message.status === 'ended'));

    const toAll = messages().filter(({ type }) => type !== 'snapshot');
    const transcripts = toAll.filter((message): message is TranscriptMessage => message.type === 'transcript');
    expect(differences(said, transcripts)).toEqual([]);
    expect(firstGap(toAll.map(({ seq }) => seq))).toBeUndefined();
    expect(new Set(listener.received.map(({ topic }) => topic))).toEqual(new Set(['transcription']));
    expect(transcripts.some(({ final }) => !final)).toBe(true);
    expect(new Set(transcripts.flatMap(({ speaker }) => speaker?.name ?? []))).toEqual(
      new Set(['Alice', 'Bob', 'Carol']),
    );

    const history = await api.get<TranscriptMessage[]>(`/sessions/${id}/transcript`);
    const finals = transcripts.filter(({ final, text }) => final && text !== '');
    expect(history.map(({ segmentId }) => segmentId)).toEqual(finals.map(({ segmentId }) => segmentId));
    await untilSession(({ status }) => status === 'ended');
  });
});
