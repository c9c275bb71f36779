import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { castIdentities, displayName, play } from '../../libs/sandbox/demo/cast.js';
import { differences } from '../../libs/sandbox/demo/verdict.js';
import { TUNED_LATENCY_MS } from '../../libs/sandbox/egress/egress-settings.js';
import { isEnd, isFinal, messagesTo, messageTo } from '../room-messages.js';
import { ROOM, SandboxedService } from './sandboxed-service.js';

describe('GLADIA_CHANNELS=per-speaker', () => {
  let world: SandboxedService;

  beforeEach(async () => {
    const variables = { GLADIA_CHANNELS: 'per-speaker:4', EGRESS_MAX_CONCURRENT: '3' };
    world = await SandboxedService.start({ latencyMs: TUNED_LATENCY_MS }, variables);
  });
  afterEach(async () => {
    await world.close();
  });

  it('brings a conversation of three back word for word, under the right names, where they overlap, too', async () => {
    const room = world.livekit.room(ROOM);
    const people = castIdentities().map((identity) => room.join({ identity, name: displayName(identity) }));
    const voices = new Map(people.map((person) => [person.identity, person.publish()]));
    const id = await world.streamingSession(people.length);
    const said = await play(voices);
    await world.api.post(`/sessions/${id}/end`);
    await messageTo(people[0]!, isEnd);
    const finals = messagesTo(people[0]!).filter(isFinal);
    expect(differences(said, finals)).toEqual([]);
    expect(finals.every(({ speaker }) => speaker !== null)).toBe(true);
  });
});
