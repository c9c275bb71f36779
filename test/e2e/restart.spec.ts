import { afterEach, describe, expect, it } from '@jest/globals';
import type { Message, StatusMessage, TranscriptMessage } from '../../libs/protocol/message.js';
import { firstGap } from '../../libs/sandbox/demo/verdict.js';
import { TUNED_LATENCY_MS } from '../../libs/sandbox/egress/egress-settings.js';
import type { SandboxParticipant } from '../../libs/sandbox/livekit/sandbox-participant.js';
import type { SandboxTrack } from '../../libs/sandbox/livekit/sandbox-track.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { isEnd, isFinal, messagesTo, messageTo } from '../room-messages.js';
import { SandboxedService, type SessionView } from './sandboxed-service.js';

const ROOMS = ['one', 'two', 'three'];
/** What Egress has captured already when its socket opens. */
const CAPTURE_LEAD_MS = 80;
/** A start and an Egress that dials take 1 to 2 s; this is for a machine that is busy with something else. */
const LOST_AT_MOST_MS = 6_000;

interface Talker {
  readonly room: string;
  readonly person: SandboxParticipant;
  readonly microphone: SandboxTrack;
}

const byCreation = (a: SessionView, b: SessionView): number => a.id.localeCompare(b.id);
const isGap = (message: Message): message is StatusMessage => message.type === 'status' && message.status === 'gap';
const plain = (text: string): string => text.toLowerCase().replace(/[^a-z' ]+/g, '');

describe('a service that is killed while people talk', () => {
  let world: SandboxedService;
  let isTalking = true;

  afterEach(async () => {
    isTalking = false;
    await world.close();
  });

  const join = (room: string): Talker => {
    const person = world.livekit.room(room).join({ identity: 'alice', name: 'Alice' });
    return { room, person, microphone: person.publish() };
  };
  const talk = async ({ microphone }: Talker): Promise<void> => {
    const sentences = loadRecordings().filter(({ speaker }) => speaker === 'alice');
    for (let turn = 0; isTalking; turn++) await microphone.say(sentences[turn % sentences.length]!);
  };
  const streaming = async (): Promise<SessionView[]> => {
    for (;;) {
      const sessions = (await world.api.get<SessionView[]>('/sessions')).filter(({ status }) => status === 'live');
      if (sessions.filter(({ tracks }) => tracks[0]?.state === 'streaming').length === ROOMS.length) return sessions;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  /** From the last sound of the old Egress that arrived to the first of the new one. */
  const lostMs = (room: string, killedAtMs: number): number => {
    const infos = world.livekit.egress.list({ roomName: room }) as { streamResults?: { startedAt?: string }[] }[];
    const starts = infos.map(({ streamResults }) => Number(BigInt(streamResults?.[0]?.startedAt ?? 0) / 1_000_000n));
    const next = Math.min(...starts.filter((at) => at > killedAtMs));
    return next - killedAtMs + TUNED_LATENCY_MS - CAPTURE_LEAD_MS;
  };

  it('goes on where it was: same sessions, numbers without a hole, nothing twice, and the gap is told', async () => {
    world = await SandboxedService.start({ latencyMs: TUNED_LATENCY_MS }, { EGRESS_MAX_CONCURRENT: '20' });
    const talkers = ROOMS.map(join);
    const before = await streaming();
    isTalking = true;
    const talks = talkers.map(talk);
    await Promise.all(talkers.map(({ person }) => messageTo(person, isFinal)));

    const killedAtMs = Date.now();
    await world.restart();
    const after = await streaming();
    expect(after.sort(byCreation).map(({ id }) => id)).toEqual(before.sort(byCreation).map(({ id }) => id));
    const lost = ROOMS.map((room) => lostMs(room, killedAtMs));
    process.stdout.write(`lost speech per track after kill -9, ms: ${lost.map(Math.round).join(', ')}\n`);
    for (const ms of lost) expect(ms).toBeLessThan(LOST_AT_MOST_MS);

    isTalking = false;
    for (const { microphone } of talkers) microphone.hush();
    await Promise.all(talks);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const sentence = loadRecordings().find(({ id }) => id === 'alice-2')!;
    await Promise.all(talkers.map(({ microphone }) => microphone.say(sentence)));
    await Promise.all(after.map(({ id }) => world.api.post(`/sessions/${id}/end`)));
    await Promise.all(talkers.map(({ person }) => messageTo(person, isEnd)));
    for (const { person } of talkers) {
      const heard = messagesTo(person).filter(({ type }) => type !== 'snapshot');
      expect(firstGap(heard.map(({ seq }) => seq))).toBeUndefined();
      const finals = heard.filter((message): message is TranscriptMessage => isFinal(message));
      expect(new Set(finals.map(({ segmentId }) => segmentId)).size).toBe(finals.length);
      expect(plain(finals.at(-1)!.text)).toBe(plain(sentence.text));
      // The first is that of the track, before it was received.
      const [first, ...gaps] = heard.filter(isGap);
      expect([first?.identity, gaps.length]).toEqual(['alice', 1]);
      expect(gaps[0]!.endMs! - gaps[0]!.startMs!).toBeGreaterThan(100);
      const open = new Map(heard.flatMap((each) => (each.type === 'transcript' ? [[each.segmentId, each.final]] : [])));
      expect([...open.values()].every(Boolean)).toBe(true);
    }
    const admin = await world.adminOf(after[0]!.room);
    const history = await admin.get<TranscriptMessage[]>(`/sessions/${after[0]!.id}/transcript`);
    expect(history.length).toBeGreaterThan(1);
  });

  it('shows what was said in sessions that had ended', async () => {
    world = await SandboxedService.start({ latencyMs: TUNED_LATENCY_MS });
    const { microphone, person } = join('history');
    const [session] = await until(async () => {
      const sessions = await world.api.get<SessionView[]>('/sessions');
      return sessions[0]?.tracks[0]?.state === 'streaming' ? sessions : undefined;
    });
    await microphone.say(loadRecordings().find(({ id }) => id === 'alice-1')!);
    await world.api.post(`/sessions/${session!.id}/end`);
    await messageTo(person, isEnd);
    const transcript = async (): Promise<TranscriptMessage[]> =>
      (await world.adminOf('history')).get(`/sessions/${session!.id}/transcript`);
    const before = await transcript();
    expect(before.length).toBeGreaterThan(0);
    await world.restart();
    expect(await transcript()).toEqual(before);
    expect(await world.api.get(`/sessions/${session!.id}`)).toMatchObject({ status: 'ended' });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await world.api.get<SessionView[]>('/sessions')).toHaveLength(1);
  });
});

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
