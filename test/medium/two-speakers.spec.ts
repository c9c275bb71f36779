import { afterEach, describe, expect, it } from '@jest/globals';
import type { SnapshotMessage, TranscriptMessage } from '../../libs/protocol/message.js';
import { differences, firstGap } from '../../libs/sandbox/demo/verdict.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { isEnd, isFinal, messagesTo, messageTo } from '../room-messages.js';
import { ROOM, ServiceUnderTest } from './service-under-test.js';

const recording = (id: string) => loadRecordings().find((candidate) => candidate.id === id)!;

describe('two people talk', () => {
  let world: ServiceUnderTest;

  afterEach(async () => {
    await world.close();
  });

  it('and everybody in the room reads both, under their names; who comes late reads what was said', async () => {
    world = await ServiceUnderTest.start();
    const room = world.livekit.room(ROOM);
    const alice = room.join({ identity: 'alice', name: 'Alice' });
    const bob = room.join({ identity: 'bob', name: 'Bob' });
    const [aliceMic, bobMic] = [alice.publish(), bob.publish()];
    const { id } = await world.live();
    await world.until(id, ({ tracks }) => tracks.length === 2 && tracks.every(({ state }) => state === 'streaming'));

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
    const heard = messagesTo(alice);
    expect(firstGap(heard.map(({ seq }) => seq))).toBeUndefined();
    const transcripts = heard.filter((message): message is TranscriptMessage => message.type === 'transcript');
    const said = ['alice-1', 'bob-1'].map((name) => recording(name));
    expect(differences(said, transcripts)).toEqual([]);
    expect(messagesTo(bob)).toEqual(heard);
    expect((await world.until(id, ({ status }) => status === 'ended')).counters['undelivered']).toBe(0);
  });

  it('and a lost socket costs a moment, not the rest of the meeting', async () => {
    world = await ServiceUnderTest.start();
    const alice = world.livekit.room(ROOM).join({ identity: 'alice', name: 'Alice' });
    const microphone = alice.publish();
    const { id } = await world.live();
    await world.until(id, ({ tracks }) => tracks[0]?.state === 'streaming');
    await world.livekit.egress.kill();
    await world.until(id, ({ tracks }) => tracks[0]?.state === 'streaming' && tracks[0].restarts === 1);
    await microphone.say(recording('alice-2'));
    await world.api.post(`/sessions/${id}/end`);
    await messageTo(alice, isEnd);
    expect(differences([recording('alice-2')], messagesTo(alice).filter(isFinal))).toEqual([]);
  });
});
