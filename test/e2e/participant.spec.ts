import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accessToken, ApiClient } from '../../libs/sandbox/demo/api-client.js';
import { castIdentities, displayName, play } from '../../libs/sandbox/demo/cast.js';
import { GladiaProcess } from '../../libs/sandbox/demo/gladia-process.js';
import { ServiceProcess } from '../../libs/sandbox/demo/service-process.js';
import { differences, firstGap } from '../../libs/sandbox/demo/verdict.js';
import { decode } from '../../libs/protocol/codec.js';
import type { Message, StatusMessage, TranscriptMessage } from '../../libs/protocol/message.js';
import { freePort } from '../free-port.js';
import { LiveKitServer } from './livekit-server.js';
import { RtcPerson } from './rtc-person.js';

const binary = process.env['LIVEKIT_SERVER_BIN'];
const keys = { apiKey: 'devkey', apiSecret: 'a-secret-of-the-end-to-end-test-only' };

/** At first WebRTC stretches sound while its jitter buffers find their depth, and the sandbox compares samples. */
const SETTLED_AFTER_MS = 2_000;
/** It stretches the first word after a long silence now and then, too, so that the sandbox does not know it again. */
const WORDS_MISSED = 2;

interface SessionView {
  readonly id: string;
  readonly room: string;
  readonly status: string;
  readonly tracks: readonly { readonly identity: string; readonly state?: string; readonly restarts?: number }[];
}

const suite = binary === undefined ? describe.skip : describe;
if (binary === undefined) {
  process.stderr.write('skipped: joining a room needs livekit-server; set LIVEKIT_SERVER_BIN to its binary\n');
}

suite('the participant source in a real room', () => {
  let livekit: LiveKitServer;
  let gladia: GladiaProcess;
  let service: ServiceProcess;
  let listener: RtcPerson;
  let room = '';
  let rooms = 0;
  const people = new Map<string, RtcPerson>();

  beforeAll(async () => {
    const port = await freePort();
    livekit = await LiveKitServer.start({
      ...keys,
      binary: binary ?? '',
      webhookUrl: `http://127.0.0.1:${port}/livekit/webhook`,
    });
    gladia = await GladiaProcess.start(process.cwd());
    service = await ServiceProcess.start({
      root: process.cwd(),
      env: {
        PORT: String(port),
        LIVEKIT_API_KEY: keys.apiKey,
        LIVEKIT_API_SECRET: keys.apiSecret,
        NEXT_PUBLIC_LIVEKIT_URL: livekit.wsUrl,
        AUDIO_SOURCE: 'participant',
        GLADIA_API_KEY: 'test',
        GLADIA_API_URL: gladia.url,
      },
    });
  }, 60_000);

  beforeEach(async () => {
    room = `joined-${++rooms}`;
    listener = await join('listener');
    for (const identity of castIdentities()) {
      const person = await join(identity);
      await person.publishMicrophone();
      people.set(identity, person);
    }
  }, 60_000);

  afterEach(async () => {
    for (const person of [...people.values(), listener]) await person.leave();
    people.clear();
  }, 60_000);

  afterAll(async () => {
    await service.stop();
    await gladia.close();
    await livekit.stop();
  }, 60_000);

  const join = async (identity: string): Promise<RtcPerson> =>
    RtcPerson.join({ ...keys, wsUrl: livekit.wsUrl, room, identity, name: displayName(identity) });

  const api = async (): Promise<ApiClient> =>
    new ApiClient(service.url, await accessToken(keys.apiKey, keys.apiSecret, { roomAdmin: true, room }));

  const untilSession = async (condition: (session: SessionView) => boolean): Promise<SessionView> => {
    const client = await api();
    const deadline = Date.now() + 30_000;
    for (;;) {
      const session = (await client.get<SessionView[]>('/sessions')).find((each) => each.room === room);
      if (session !== undefined && condition(session)) return session;
      if (Date.now() > deadline) throw new Error(`the session does not get there: ${JSON.stringify(session)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  const everybody = (session: SessionView): boolean =>
    session.status === 'live' && session.tracks.filter(({ state }) => state === 'streaming').length === people.size;

  const messages = (): Message[] =>
    listener.received.map(({ payload }) => decode(payload)).filter(({ type }) => type !== 'snapshot');
  const statuses = (): StatusMessage[] =>
    messages().filter((message): message is StatusMessage => message.type === 'status');
  const transcripts = (): TranscriptMessage[] =>
    messages().filter((message): message is TranscriptMessage => message.type === 'transcript');

  const end = async (id: string): Promise<void> => {
    await (await api()).post(`/sessions/${id}/end`);
    await listener.until(() => statuses().some(({ status }) => status === 'ended'));
  };

  /** Each track has one before it is received; these are the others. */
  const gapsInTalk = (): StatusMessage[] => {
    const firstWordsMs = Math.min(...transcripts().map(({ startMs }) => startMs));
    return statuses().filter(({ status, endMs = 0 }) => status === 'gap' && endMs > firstWordsMs);
  };

  it('hears everybody without being seen, and ends with the room', async () => {
    const session = await untilSession(everybody);
    expect(session.tracks.map(({ identity }) => identity).sort()).toEqual([...people.keys()].sort());

    await pause(SETTLED_AFTER_MS);
    const said = await play(people);
    await end(session.id);

    const verdicts = differences(said, transcripts()).map(({ speaker, expected, transcribed }) => ({
      speaker,
      missed: without(expected, transcribed),
      strange: without(transcribed, expected),
    }));
    expect(verdicts.filter(({ strange }) => strange.length > 0)).toEqual([]);
    expect(verdicts.flatMap(({ missed }) => missed).length).toBeLessThanOrEqual(WORDS_MISSED);
    expect(firstGap(messages().map(({ seq }) => seq))).toBeUndefined();
    expect(gapsInTalk()).toEqual([]);
    expect(new Set(transcripts().flatMap(({ speaker }) => speaker?.name ?? []))).toEqual(
      new Set(['Alice', 'Bob', 'Carol']),
    );
    await untilSession(({ status }) => status === 'ended');
  });

  it('goes on when its process is killed in mid-conversation, and tells what was missed', async () => {
    const { id } = await untilSession(everybody);
    const playing = play(people);
    await listener.until(() => transcripts().length > 0);
    const [child] = childrenOf(service.pid);
    const killedAtMs = performance.now();
    process.kill(child ?? -1, 'SIGKILL');
    await untilSession((session) => !everybody(session));
    await untilSession(everybody);
    const downMs = performance.now() - killedAtMs;
    await playing;
    await end(id);

    const gaps = gapsInTalk();
    process.stderr.write(`killed: streaming again after ${downMs.toFixed(0)} ms; told ${JSON.stringify(gaps)}\n`);
    expect(childrenOf(service.pid)).not.toContain(child);
    expect(gaps.length).toBeGreaterThan(0);
    for (const { startMs = 0, endMs = Infinity } of gaps) expect(endMs - startMs).toBeLessThanOrEqual(2_000);
    expect(downMs).toBeLessThan(5_000);
    expect(new Set(transcripts().flatMap(({ speaker }) => speaker?.name ?? []))).toEqual(
      new Set(['Alice', 'Bob', 'Carol']),
    );
  });

  it('leaves no process behind when the service is killed', async () => {
    await untilSession(everybody);
    const [child = -1] = childrenOf(service.pid);
    expect(isAlive(child)).toBe(true);
    await service.kill();
    const deadline = Date.now() + 5_000;
    while (isAlive(child) && Date.now() < deadline) await pause(50);
    expect(isAlive(child)).toBe(false);
  });
});

/** The words of one text that the other has not. */
function without(text: string, other: string): string[] {
  const left = other.split(' ');
  return text.split(' ').filter((word) => {
    const at = left.indexOf(word);
    if (at >= 0) left.splice(at, 1);
    return at < 0 && word !== '';
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const childrenOf = (pid: number): number[] =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/)
    .map(Number);
