import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeService } from './fake-service.spec-kit.js';
import { createTranscript, type Transcript } from './index.js';
import { MessageMaker, textsOf, until } from './messages.spec-kit.js';

let service: FakeService;
let events: string;
let make: MessageMaker;
let transcript: Transcript | undefined;

beforeEach(async () => {
  service = new FakeService();
  events = `${await service.listen()}/sessions/s1/events`;
  make = new MessageMaker();
});

afterEach(async () => {
  transcript?.close();
  await service.close();
});

describe('the transcript of an event stream', () => {
  it('has the whole session, then what comes, and reconnects where it left off', async () => {
    service.publish(make.transcript('a', 'Before.'));
    transcript = createTranscript({ events, token: 'a-token' });
    await until(transcript, ({ segments }) => segments.length === 1);
    service.publish(make.interim('b', 'Grüße', 1, { startMs: 2_000 }));
    await until(transcript, ({ segments }) => segments.length === 2);
    service.breakStreams();
    service.publish(make.transcript('c', 'While away.', { startMs: 3_000 }));
    await until(transcript, ({ segments }) => segments.length === 3);
    expect(textsOf(transcript)).toEqual(['Before.', 'Grüße', 'While away.']);
    expect(service.requests.every(({ authorization }) => authorization === 'Bearer a-token')).toBe(true);
  });

  it('opens each stream with a fresh ticket, and says when one is refused', async () => {
    const tickets = ['old', 'new one'];
    service.acceptedTicket = 'new one';
    service.publish(make.transcript('a', 'Hello.'));
    transcript = createTranscript({ events, ticket: () => tickets.shift() ?? 'none' });
    await until(transcript, ({ status }) => status.status === 'refused');
    await until(transcript, ({ segments }) => segments.length === 1);
    expect(transcript.status.status).toBe('live');
    expect(service.requests.map(({ path }) => path)).toEqual([
      '/sessions/s1/events?ticket=old',
      '/sessions/s1/events?ticket=new%20one',
    ]);
  });

  it('has ended where there is nothing more to read', async () => {
    service.failsWith = 204;
    transcript = createTranscript({ events });
    await until(transcript, ({ status }) => status.status === 'ended');
    expect(transcript.segments).toEqual([]);
  });

  it('ends with its session', async () => {
    service.publish(make.status('ended', 'It has ended.'));
    transcript = createTranscript({ events });
    await until(transcript, ({ status }) => status.status === 'ended');
    service.breakStreams();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(service.requests).toHaveLength(1);
  });
});
