import { describe, expect, it } from '@jest/globals';
import type { TrackKind } from '../media/track-kind.js';
import type { ParticipantKind, RoomParticipant } from './rooms.js';
import { Roster } from './roster.js';

const person = (
  identity: string,
  tracks: [string, TrackKind][],
  kind: ParticipantKind = 'standard',
): RoomParticipant => ({
  sid: `PA_${identity}`,
  identity,
  name: identity.toUpperCase(),
  kind,
  audioTracks: tracks.map(([sid, source]) => ({ sid, source, muted: false })),
});
const newRoster = (): Roster => new Roster({ kinds: ['standard', 'sip'], sources: ['microphone'] });
const sids = (tracks: readonly { trackSid: string }[]): string[] => tracks.map(({ trackSid }) => trackSid);

describe('Roster', () => {
  it('tells who came and what they published, once', () => {
    const roster = newRoster();
    const listed = [person('alice', [['TR_a', 'microphone']]), person('bob', [])];
    const changes = roster.update(listed);
    expect(changes.joined).toEqual([
      { identity: 'alice', name: 'ALICE' },
      { identity: 'bob', name: 'BOB' },
    ]);
    expect(changes.published).toEqual([
      { trackSid: 'TR_a', identity: 'alice', name: 'ALICE', source: 'microphone', muted: false },
    ]);
    expect(roster.update(listed)).toEqual({
      leftOutChanged: false,
      joined: [],
      renamed: [],
      published: [],
      unpublished: [],
    });
  });

  it('is never interested in Egress, agents, or sources that were not chosen', () => {
    const roster = newRoster();
    const changes = roster.update([
      person('EG_1', [['TR_e', 'microphone']], 'egress'),
      person('agent', [['TR_g', 'microphone']], 'agent'),
      person('phone', [['TR_p', 'microphone']], 'sip'),
      person('alice', [
        ['TR_s', 'screen_share_audio'],
        ['TR_a', 'microphone'],
      ]),
    ]);
    expect(sids(changes.published)).toEqual(['TR_p', 'TR_a']);
    expect(changes.joined.map(({ identity }) => identity)).toEqual(['phone', 'alice']);
  });

  it('knows a republished track from the old one', () => {
    const roster = newRoster();
    roster.update([person('alice', [['TR_1', 'microphone']])]);
    const changes = roster.update([person('alice', [['TR_2', 'microphone']])]);
    expect([sids(changes.unpublished), sids(changes.published), changes.joined]).toEqual([['TR_1'], ['TR_2'], []]);
  });

  it('tells that somebody came back under the same identity, who was never seen to be gone', () => {
    const roster = newRoster();
    roster.update([person('alice', [])]);
    const again = { ...person('alice', []), sid: 'PA_2', name: 'Alice B.' };
    const { joined, renamed } = roster.update([again]);
    const alice = { identity: 'alice', name: 'Alice B.' };
    expect([joined, renamed]).toEqual([[alice], [alice]]);
    expect(roster.update([again]).joined).toEqual([]);
  });

  it('is empty when only Egress is left', () => {
    const roster = newRoster();
    roster.update([person('alice', [['TR_1', 'microphone']])]);
    const changes = roster.update([person('EG_1', [], 'egress')]);
    expect(sids(changes.unpublished)).toEqual(['TR_1']);
    expect(roster.empty).toBe(true);
  });

  it('names each track that is left out, and why', () => {
    const roster = newRoster();
    const alice = person('alice', [['TR_s', 'screen_share_audio']]);
    const bob = { ...person('bob', [['TR_b', 'microphone']]), optedOut: true };
    const carol = person('carol', []);
    const encrypted = { ...carol, audioTracks: [{ sid: 'TR_c', source: 'microphone', muted: false, encrypted: true }] };
    const caller = person('caller', [['TR_w', 'microphone']], 'connector');
    const agent = person('agent', [['TR_g', 'microphone']], 'agent');
    const listed = [alice, bob, encrypted as RoomParticipant, caller, agent];
    const changes = roster.update(listed);
    expect([changes.published, changes.leftOutChanged]).toEqual([[], true]);
    expect(roster.leftOut.map(({ trackSid, reason }) => `${trackSid} ${reason}`)).toEqual([
      'TR_s source',
      'TR_b opted_out',
      'TR_c encrypted',
      'TR_w kind',
    ]);
    expect(roster.update(listed).leftOutChanged).toBe(false);
    expect(sids(roster.update([person('bob', [['TR_b', 'microphone']])]).published)).toEqual(['TR_b']);
    expect(roster.leftOut).toEqual([]);
  });
});
