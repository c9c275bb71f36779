import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Message, SnapshotMessage, TranscriptMessage } from '../../libs/protocol/message.js';
import { differences, firstGap } from '../../libs/sandbox/demo/verdict.js';
import { TUNED_LATENCY_MS } from '../../libs/sandbox/egress/egress-settings.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import type { SandboxParticipant } from '../../libs/sandbox/livekit/sandbox-participant.js';
import { isEnd, isFinal, messagesTo, messageTo } from '../room-messages.js';
import { ROOM, SandboxedService } from './sandboxed-service.js';

const recording = (id: string) => loadRecordings().find((candidate) => candidate.id === id)!;

describe('two people talk', () => {
  let world: SandboxedService;

  beforeEach(async () => {
    world = await SandboxedService.start({ latencyMs: TUNED_LATENCY_MS });
  });
  afterEach(async () => {
    await world.close();
  });

  it('and everybody in the room reads both, under their names; who comes late reads what was said', async () => {
    const room = world.livekit.room(ROOM);
    const alice = room.join({ identity: 'alice', name: 'Alice' });
    const bob = room.join({ identity: 'bob', name: 'Bob' });
    const [aliceMic, bobMic] = [alice.publish(), bob.publish()];
    const id = await world.streamingSession(2);

    await aliceMic.say(recording('alice-1'));
    await bobMic.say(recording('bob-1'));
    await messageTo(
      bob,
      (message): message is TranscriptMessage => isFinal(message) && message.speaker?.name === 'Bob',
    );
    const late = room.join({ identity: 'carol', name: 'Carol' });
    const snapshot = await messageTo(late, (message): message is SnapshotMessage => message.type === 'snapshot');
    expect(snapshot.segments.map(({ speaker }) => speaker?.name)).toContain('Alice');

    await world.api.post(`/sessions/${id}/end`);
    await messageTo(alice, isEnd);
    const toAll = (person: SandboxParticipant): Message[] =>
      messagesTo(person).filter(({ type }) => type !== 'snapshot');
    const heard = toAll(alice);
    expect(firstGap(heard.map(({ seq }) => seq))).toBeUndefined();
    expect(differences(['alice-1', 'bob-1'].map(recording), heard.filter(isFinal))).toEqual([]);
    expect(toAll(bob)).toEqual(heard);
    expect((await world.until(({ status }) => status === 'ended')).counters['undelivered']).toBe(0);
  });

  it('and a lost socket costs a moment, not the rest of the meeting', async () => {
    const alice = world.livekit.room(ROOM).join({ identity: 'alice', name: 'Alice' });
    const microphone = alice.publish();
    const id = await world.streamingSession();
    await world.livekit.egress.kill();
    await world.until(({ tracks }) => tracks[0]?.state === 'streaming' && tracks[0].restarts === 1);
    await microphone.say(recording('alice-2'));
    await world.api.post(`/sessions/${id}/end`);
    await messageTo(alice, isEnd);
    expect(differences([recording('alice-2')], messagesTo(alice).filter(isFinal))).toEqual([]);
  });
});
