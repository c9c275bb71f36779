import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { WebhookEvent, WebhookReceiver } from 'livekit-server-sdk';
import { parseConfig } from '../config/parse-config.js';
import {
  ParticipantJoined,
  SessionEnded,
  SessionLive,
  TrackPublished,
  TrackUnpublished,
  TranscriptionStatusChanged,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { LiveKitWebhooks } from '../livekit/livekit-webhooks.js';
import { Metrics } from '../metrics/metrics.js';
import { Drain } from '../records/drain.js';
import { RoomParticipants, type RoomParticipant } from './room-participants.js';
import { SessionsService } from './sessions.service.js';

class ListedRoom extends RoomParticipants {
  people: RoomParticipant[] = [];
  down = false;
  asked = 0;

  override list(): Promise<RoomParticipant[]> {
    this.asked += 1;
    return this.down ? Promise.reject(new Error('LiveKit is away')) : Promise.resolve(this.people);
  }
}

/** Webhooks whose signature was checked elsewhere. */
class TrustingReceiver extends WebhookReceiver {
  override receive(body: string): Promise<WebhookEvent> {
    return Promise.resolve(WebhookEvent.fromJsonString(body));
  }
}

const alice: RoomParticipant = {
  identity: 'alice',
  name: 'Alice',
  kind: 'standard',
  audioTracks: [{ sid: 'TR_a', source: 'microphone', muted: false }],
};

describe('SessionsService', () => {
  let room: ListedRoom;
  let events: EventBus;
  let webhooks: LiveKitWebhooks;
  let drain: Drain;
  let sessions: SessionsService;
  let facts: string[];

  const start = (variables: Record<string, string> = {}): void => {
    const config = parseConfig({
      LIVEKIT_API_KEY: 'key',
      LIVEKIT_API_SECRET: 'secret',
      LIVEKIT_HTTP_URL: 'http://127.0.0.1:1',
      GLADIA_API_KEY: 'key',
      SESSION_RECONCILE_S: '60',
      SHUTDOWN_GRACE_S: '1',
      ...variables,
    });
    room = new ListedRoom();
    events = new EventBus(new EventEmitter2());
    webhooks = new LiveKitWebhooks(new TrustingReceiver('key', 'secret'));
    drain = new Drain();
    facts = [];
    for (const fact of [SessionLive, SessionEnded, ParticipantJoined, TrackPublished, TrackUnpublished]) {
      events.on<object>(fact, (told) => void facts.push(told.constructor.name));
    }
    sessions = new SessionsService(config, events, room, webhooks, drain, new Metrics());
    sessions.onModuleInit();
  };
  const webhook = async (event: string, name = 'standup'): Promise<void> => {
    await webhooks.accept(JSON.stringify({ event, room: { name } }), 'signed');
    await new Promise(setImmediate);
  };
  const deliverLastWords = (sessionId: string): void =>
    events.publish(new TranscriptionStatusChanged(sessionId, 'ended', 'Over.'));

  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    start();
  });
  afterEach(async () => {
    for (const session of sessions.list()) sessions.end(session, 'api');
    for (const session of sessions.list()) deliverLastWords(session.id);
    await sessions.onModuleDestroy();
    jest.restoreAllMocks();
  });

  it('goes live once, and tells who is there and what they publish', async () => {
    room.people = [alice];
    const session = sessions.create('standup');
    expect(session.status).toBe('created');
    sessions.goLive(session);
    sessions.goLive(session);
    await new Promise(setImmediate);
    expect(facts).toEqual(['SessionLive', 'ParticipantJoined', 'TrackPublished']);
    expect(session.status).toBe('live');
  });

  it('has one session for a room until that is over', () => {
    const session = sessions.create('standup');
    expect(sessions.create('standup')).toBe(session);
    sessions.goLive(session);
    sessions.end(session, 'api');
    expect(sessions.create('standup')).not.toBe(session);
  });

  it('ends at once what never was live, and after its last words what was', () => {
    const idle = sessions.create('idle');
    sessions.end(idle, 'api');
    expect(idle.status).toBe('ended');
    const session = sessions.create('standup');
    sessions.goLive(session);
    sessions.end(session, 'api');
    sessions.end(session, 'api');
    expect(session.status).toBe('ending');
    deliverLastWords(session.id);
    expect(session.status).toBe('ended');
    expect(facts.filter((fact) => fact === 'SessionEnded')).toHaveLength(1);
  });

  it('starts by itself on room_started, looks at the room at every webhook, and ends with the room', async () => {
    await webhook('room_started');
    room.people = [alice];
    await webhook('track_published');
    await webhook('track_published');
    room.people = [];
    await webhook('participant_left');
    await webhook('room_finished');
    expect(facts).toEqual(['SessionLive', 'ParticipantJoined', 'TrackPublished', 'TrackUnpublished', 'SessionEnded']);
  });

  it('does not believe a room_finished while somebody is in the room', async () => {
    await webhook('room_started');
    room.people = [alice];
    await webhook('room_finished');
    expect(sessions.list()[0]?.status).toBe('live');
  });

  it('does not start by itself what AUTO_START excludes, what the API made, or anything while draining', async () => {
    start({ AUTO_START: 'webhook:team-*' });
    const made = sessions.create('team-red');
    await webhook('room_started', 'standup');
    await webhook('room_started', 'team-red');
    drain.begin();
    await webhook('room_started', 'team-blue');
    expect(sessions.list()).toEqual([made]);
    expect(made.status).toBe('created');
  });

  it('keeps its roster while LiveKit cannot be asked', async () => {
    room.people = [alice];
    const session = sessions.create('standup');
    sessions.goLive(session);
    await new Promise(setImmediate);
    room.down = true;
    await webhook('participant_joined');
    expect(session.roster.tracks).toHaveLength(1);
  });

  it('on shutdown ends every session and waits for the last words', async () => {
    const session = sessions.create('standup');
    sessions.goLive(session);
    const down = sessions.onModuleDestroy();
    expect(drain.draining).toBe(true);
    expect(session.status).toBe('ending');
    deliverLastWords(session.id);
    await down;
    expect(session.status).toBe('ended');
  });
});
