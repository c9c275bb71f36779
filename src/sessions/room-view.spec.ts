import { describe, expect, it } from '@jest/globals';
import { person } from './rooms.spec-kit.js';
import { RoomView } from './room-view.js';
import type { RoomParticipant, RoomTrack } from './rooms.js';

const alone = (identity: string, sid = `PA_${identity}`): RoomParticipant => person(identity, { sid, audioTracks: [] });
const track = (sid: string): RoomTrack => ({ sid, source: 'microphone', muted: false });
const seen = (view: RoomView): string[] =>
  view.participants.flatMap(({ sid, audioTracks }) => [sid, ...audioTracks.map((each) => each.sid)]);

describe('RoomView', () => {
  it('believes a list at once in what it names, and in what it lacks when the next one agrees', () => {
    const view = new RoomView();
    view.list([person('alice'), person('bob')], 0);
    expect(seen(view)).toEqual(['PA_alice', 'TR_alice', 'PA_bob', 'TR_bob']);
    view.list([], 500);
    expect(seen(view)).toHaveLength(4);
    expect(view.agreed).toBe(false);
    view.list([person('alice')], 1_000);
    expect(seen(view)).toEqual(['PA_alice', 'TR_alice']);
    view.list([person('alice')], 1_500);
    expect(view.agreed).toBe(true);
  });

  it('has whom a webhook announces, for as long as lists may lag behind', () => {
    const view = new RoomView();
    view.apply({ kind: 'joined', participant: alone('alice') }, 0);
    view.apply({ kind: 'published', participantSid: 'PA_alice', track: track('TR_alice') }, 10);
    for (const atMs of [500, 1_500, 3_500, 7_500]) view.list([], atMs);
    expect(seen(view)).toEqual(['PA_alice', 'TR_alice']);
    expect(view.agreed).toBe(false);
    view.list([], 11_000);
    expect(seen(view)).toEqual([]);
  });

  it('knows no track of somebody of whom only the SID is known: it may be an agent', () => {
    const view = new RoomView();
    view.apply({ kind: 'published', participantSid: 'PA_x', track: track('TR_x') }, 0);
    expect(seen(view)).toEqual([]);
    view.list([alone('x')], 500);
    expect(seen(view)).toEqual(['PA_x', 'TR_x']);
  });

  it('brings nothing back that a webhook has declared gone', () => {
    const view = new RoomView();
    view.list([person('alice')], 0);
    view.apply({ kind: 'unpublished', trackSid: 'TR_alice' }, 100);
    view.apply({ kind: 'published', participantSid: 'PA_alice', track: track('TR_alice') }, 150);
    view.list([person('alice')], 200);
    expect(seen(view)).toEqual(['PA_alice']);
    view.apply({ kind: 'left', participantSid: 'PA_alice' }, 300);
    view.apply({ kind: 'joined', participant: alone('alice') }, 350);
    view.list([person('alice')], 400);
    expect(seen(view)).toEqual([]);
  });

  it('has the later of two connections of one person, whatever late webhook tells of the former', () => {
    const view = new RoomView((trackSid) => trackSid === 'TR_2');
    view.list([person('alice')], 0);
    view.apply({ kind: 'joined', participant: alone('alice', 'PA_2') }, 100);
    view.apply({ kind: 'published', participantSid: 'PA_2', track: track('TR_2') }, 110);
    view.list([person('alice')], 150);
    expect(seen(view)).toEqual(['PA_2', 'TR_2']);
    view.apply({ kind: 'left', participantSid: 'PA_alice' }, 200);
    // LiveKit's lists lack her for good, and her sound arrives.
    for (let look = 0; look < 10; look += 1) view.list([], 20_000 + look * 8_000);
    expect(seen(view)).toEqual(['PA_2', 'TR_2']);
  });

  it('is empty when the room is finished', () => {
    const view = new RoomView();
    view.list([person('alice')], 0);
    view.apply({ kind: 'finished' }, 100);
    expect(seen(view)).toEqual([]);
  });

  it('believes one list that names another track of the same microphone', () => {
    const view = new RoomView();
    view.list([person('alice')], 0);
    view.list([person('alice', { audioTracks: [track('TR_2')] })], 500);
    expect(seen(view)).toEqual(['PA_alice', 'TR_2']);
    expect(view.agreed).toBe(true);
  });
});
