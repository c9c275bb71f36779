import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeRoom } from './fake-room.spec-kit.js';
import { FakeService } from './fake-service.spec-kit.js';
import { createTranscript, textOf, type RoomOptions, type Transcript, type TranscriptMessage } from './index.js';
import { MessageMaker, textsOf, until } from './messages.spec-kit.js';

let service: FakeService;
let api: string;
let room: FakeRoom;
let make: MessageMaker;
const open: Transcript[] = [];

beforeEach(async () => {
  service = new FakeService();
  api = await service.listen();
  room = new FakeRoom();
  make = new MessageMaker();
});

afterEach(async () => {
  for (const transcript of open.splice(0)) transcript.close();
  await service.close();
});

function follow(options: RoomOptions & { window?: number } = {}): Transcript {
  const transcript = createTranscript(room, options);
  open.push(transcript);
  return transcript;
}

describe('the transcript of a room', () => {
  it('refines interims in place, and keeps a final as it is', () => {
    const transcript = follow();
    room.receive(make.interim('a', 'hello'));
    const before = transcript.segments;
    expect(transcript.segments).toBe(before);
    room.receive(make.transcript('b', 'And I', { startMs: 1_500 }));
    room.receive(make.interim('a', 'hello word', 2));
    room.receive(make.transcript('a', 'Hello world.', { revision: 3 }));
    room.receive(make.interim('a', 'hello', 4));
    expect(textsOf(transcript)).toEqual(['Hello world.', 'And I']);
    expect(transcript.segments).not.toBe(before);
    expect(transcript.segments[0]).toMatchObject({ final: true, translations: {}, retracted: false });
    expect(transcript.status).toEqual({ status: 'live', message: 'Live.' });
  });

  it('orders by the session clock, whatever comes first', () => {
    const transcript = follow();
    for (const startMs of [3_000, 1_000, 2_000]) room.receive(make.transcript(`${startMs}`, `${startMs}`, { startMs }));
    expect(textsOf(transcript)).toEqual(['1000', '2000', '3000']);
  });

  it('believes no participant, no other topic, and nothing that is no message', () => {
    const transcript = follow();
    room.receiveFrom('mallory', make.transcript('a', 'I resign', { speaker: null }));
    room.receive(make.transcript('b', 'elsewhere'), 'chat');
    for (const packet of ['null', '{', '"text"', '{"v":2,"sessionId":"s"}', '{"v":1}']) {
      room.emit('dataReceived', new TextEncoder().encode(packet), undefined, 0, 'transcription');
    }
    expect(transcript.segments).toEqual([]);
    expect(transcript.status.status).toBe('waiting');
  });

  it('takes back an interim, and erases what is retracted, with its translations', () => {
    const transcript = follow();
    room.receive(make.interim('a', 'um'));
    room.receive(make.transcript('a', '', { revision: 2 }));
    room.receive(make.transcript('b', 'secret', { startMs: 2_000 }));
    room.receive(make.translation('b', 'fr', 'secret'));
    room.receive(make.retraction('b', 'unknown'));
    room.receive(make.translation('b', 'de', 'geheim'));
    expect(transcript.segments).toMatchObject([
      { segmentId: 'a', text: '', retracted: true },
      { segmentId: 'b', text: '', retracted: true, translations: {} },
    ]);
  });

  it('shows a reader the translation, else the original', () => {
    const transcript = follow();
    room.receive(make.transcript('a', 'Hello'));
    const [original] = transcript.segments;
    expect(textOf(original!, 'fr-CA')).toEqual({ language: 'en', text: 'Hello' });
    room.receive(make.translation('a', 'fr', 'Bonjour'));
    const [translated] = transcript.segments;
    expect(textOf(translated!, 'fr-CA')).toEqual({ language: 'fr', text: 'Bonjour' });
    expect(textOf(translated!, 'en')).toEqual({ language: 'en', text: 'Hello' });
    expect(textOf(translated!)).toEqual({ language: 'en', text: 'Hello' });
  });

  it('has gaps in their places, and the last status', () => {
    const transcript = follow();
    const gap = make.status('gap', 'Words are missing.', { startMs: 500, endMs: 900 });
    const degraded = make.status('degraded', 'Gladia is away.', { code: 'engine_away' });
    for (const message of [gap, degraded, gap]) room.receive(message);
    expect(transcript.gaps).toEqual([gap]);
    expect(transcript.status).toMatchObject({ status: 'degraded', code: 'engine_away', message: 'Gladia is away.' });
  });

  it('has the snapshot of who joins late, and nothing of it that is older than what it has', () => {
    const transcript = follow();
    const final = make.transcript('a', 'Hello.', { revision: 3 });
    const interim = make.interim('b', 'how are', 1, { startMs: 3_000 });
    room.receive(make.interim('b', 'how are you', 2, { startMs: 3_000 }));
    const translations = [make.translation('a', 'fr', 'Bonjour.')];
    room.receive(make.snapshot([final, interim], { translations, statuses: [make.status('degraded', 'Slow.')] }));
    expect(textsOf(transcript)).toEqual(['Hello.', 'how are you']);
    expect(transcript.segments[0]!.translations).toEqual({ fr: 'Bonjour.' });
    expect(transcript.status.message).toBe('Slow.');
  });

  it('keeps only the last segments of its window', () => {
    const transcript = follow({ window: 3 });
    for (let n = 0; n < 10; n += 1) room.receive(make.transcript(`u${n}`, `${n}`, { startMs: n * 1_000 }));
    expect(textsOf(transcript)).toEqual(['7', '8', '9']);
    room.receive(make.translation('u0', 'fr', 'zéro'));
    room.receive(make.transcript('late', 'late', { startMs: 1 }));
    expect(textsOf(transcript)).toEqual(['7', '8', '9']);
  });

  it('tells which messages have changed it, until it is closed', () => {
    const transcript = follow();
    const changes: string[][] = [];
    transcript.subscribe((messages) => changes.push(messages.map(({ type }) => type)));
    const message = make.transcript('a', 'Hello');
    room.receive(message);
    room.receive(message);
    room.receive(make.translation('a', 'fr', 'Bonjour'));
    transcript.close();
    room.receive(make.transcript('b', 'Bye'));
    expect(changes).toEqual([['transcript'], ['translation']]);
    expect(room.eventNames()).toEqual(room.eventNames().filter((name) => room.listenerCount(name) > 0));
    expect(room.listenerCount('dataReceived')).toBe(0);
  });

  it('asks for translations into its language by an attribute of its participant', async () => {
    room.localParticipant.setAttributes = () => Promise.reject(new Error('not permitted'));
    follow({ language: 'fr' });
    room = new FakeRoom();
    follow({ language: 'de' });
    await Promise.resolve();
    expect(room.attributes).toEqual({ 'roomscribe.language': 'de' });
  });
});

describe('what was missed', () => {
  const publish = (...messages: TranscriptMessage[]): void => messages.forEach((message) => service.publish(message));

  it('is read when joining late: the session that runs, all pages, with the token', async () => {
    service.running = 'a/session';
    service.pageSize = 2;
    make = new MessageMaker('a/session');
    publish(...[0, 1, 2, 3, 4].map((n) => make.transcript(`u${n}`, `${n}`, { startMs: n })));
    const transcript = follow({ api: `${api}/`, token: () => Promise.resolve('a-token') });
    await until(transcript, ({ segments }) => segments.length === 5);
    expect(textsOf(transcript)).toEqual(['0', '1', '2', '3', '4']);
    expect(transcript.sessionId).toBe('a/session');
    expect(service.requests.map(({ path }) => path)).toEqual([
      '/rooms/room/session',
      ...[0, 2, 4].map((after) => `/sessions/a%2Fsession/messages?after=${after}&limit=1000`),
    ]);
    expect(new Set(service.requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer a-token']));
  });

  it('is fetched as soon as a number is missing, translations and statuses too', async () => {
    const transcript = follow({ api });
    const [first, lost, after] = [make.transcript('a', '1'), make.transcript('b', '2'), make.transcript('c', '3')];
    publish(first, lost, after);
    room.receive(first);
    room.receive(after);
    await until(transcript, ({ segments }) => segments.length === 3);
    expect(textsOf(transcript)).toEqual(['1', '2', '3']);
  });

  it('is not asked for again where only interims are missing', async () => {
    const transcript = follow({ api });
    await until(transcript, () => true);
    room.receive(make.interim('a', 'h'));
    make.interim('a', 'he', 2);
    const final = make.transcript('a', 'Hello.', { revision: 3 });
    service.publish(final);
    room.receive(final);
    const asked = (): number => service.requests.filter(({ path }) => path.includes('/messages')).length;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(asked()).toBe(1);
    room.receive(make.interim('b', 'and'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(asked()).toBe(1);
  });

  it('is fetched after a reconnect, from the next session too', async () => {
    const transcript = follow({ api });
    room.receive(make.transcript('a', 'First meeting'));
    room.emit('reconnecting');
    expect(transcript.status.status).toBe('offline');
    const next = new MessageMaker('s2');
    service.running = 's2';
    service.publish(next.transcript('a', 'Second meeting'));
    room.emit('reconnected');
    await until(transcript, ({ sessionId, segments }) => sessionId === 's2' && segments.length === 1);
    room.receive(make.transcript('late', 'Late words of the first'));
    expect(textsOf(transcript)).toEqual(['Second meeting']);
    expect(transcript.status.status).toBe('live');
  });

  it('is asked for again while the service fails, and a refused token shows', async () => {
    service.failsWith = 503;
    service.running = 's1';
    service.publish(make.transcript('a', 'Hello'));
    const transcript = follow({ api });
    await until(transcript, ({ status }) => status.status === 'offline');
    service.failsWith = 401;
    await until(transcript, ({ status }) => status.status === 'refused');
    service.failsWith = undefined;
    await until(transcript, ({ status }) => status.status === 'live');
    expect(textsOf(transcript)).toEqual(['Hello']);
  });
});
