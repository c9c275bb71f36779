import type { LeftOutReason } from '../events/domain-events.js';
import type { TrackKind } from '../media/track-kind.js';
import type { ParticipantKind, RoomParticipant, RoomTrack } from './rooms.js';

export interface RosterTrack {
  readonly trackSid: string;
  readonly identity: string;
  readonly name: string;
  readonly source: TrackKind;
  readonly muted: boolean;
  /** See `RoomTrack.versionUnixMs`. */
  readonly versionUnixMs?: number | undefined;
}

export interface LeftOutTrack extends RosterTrack {
  readonly kind: ParticipantKind;
  readonly reason: LeftOutReason;
}

interface Person {
  readonly identity: string;
  readonly name: string;
}

/** One connection of a person to the room; a reload makes another one under the same identity. */
interface Stay {
  readonly sid: string;
  readonly name: string;
}

export interface RosterChanges {
  /** Whether other tracks than before are left out, or for other reasons. */
  readonly leftOutChanged: boolean;
  /** Who joined, or rejoined, perhaps between two updates and under the same identity. */
  readonly joined: readonly Person[];
  /** Who changed their name. */
  readonly renamed: readonly Person[];
  readonly published: readonly RosterTrack[];
  readonly unpublished: readonly RosterTrack[];
}

/** Which participants and which of their tracks are transcribed. */
export interface RosterChoice {
  readonly kinds: readonly ParticipantKind[];
  readonly sources: readonly TrackKind[];
}

/**
 * Who is in the room and which of their tracks are transcribed.
 * The same list always gives the same roster, whatever came before it; each change is returned once.
 */
export class Roster {
  /** By identity. */
  #people = new Map<string, Stay>();
  #tracks = new Map<string, RosterTrack>();
  #leftOut: readonly LeftOutTrack[] = [];

  constructor(private readonly choice: RosterChoice) {}

  get tracks(): readonly RosterTrack[] {
    return [...this.#tracks.values()];
  }

  /** The audio tracks of the room that are not transcribed. */
  get leftOut(): readonly LeftOutTrack[] {
    return this.#leftOut;
  }

  get empty(): boolean {
    return this.#people.size === 0;
  }

  /** @param listed everybody in the room now @returns what has changed since the last update */
  update(listed: readonly RoomParticipant[]): RosterChanges {
    const people = listed.filter(({ kind }) => this.choice.kinds.includes(kind));
    const tracks = new Map(
      people.flatMap((person) => this.#chosenTracks(person)).map((track) => [track.trackSid, track]),
    );
    const leftOut = listed.flatMap((person) => this.#leftOutTracks(person));
    const changes: RosterChanges = {
      leftOutChanged: idsOf(leftOut) !== idsOf(this.#leftOut),
      joined: people.filter(({ identity, sid }) => this.#people.get(identity)?.sid !== sid).map(personOf),
      renamed: people.filter(({ identity, name }) => (this.#people.get(identity)?.name ?? name) !== name).map(personOf),
      published: [...tracks.values()].filter(({ trackSid }) => !this.#tracks.has(trackSid)),
      unpublished: [...this.#tracks.values()].filter(({ trackSid }) => !tracks.has(trackSid)),
    };
    this.#people = new Map(people.map(({ identity, sid, name }) => [identity, { sid, name }]));
    this.#tracks = tracks;
    this.#leftOut = leftOut;
    return changes;
  }

  #chosenTracks(person: RoomParticipant): RosterTrack[] {
    return person.audioTracks
      .filter((track) => this.#reasonToLeaveOut(person, track) === undefined)
      .map((track) => rosterTrack(person, track));
  }

  /** Without those of Egress and agents, which nobody expects to be transcribed. */
  #leftOutTracks(person: RoomParticipant): LeftOutTrack[] {
    if (person.kind === 'egress' || person.kind === 'agent') return [];
    return person.audioTracks.flatMap((track) => {
      const reason = this.#reasonToLeaveOut(person, track);
      return reason === undefined ? [] : [{ ...rosterTrack(person, track), kind: person.kind, reason }];
    });
  }

  #reasonToLeaveOut({ kind, optedOut }: RoomParticipant, track: RoomTrack): LeftOutReason | undefined {
    if (!this.choice.kinds.includes(kind)) return 'kind';
    if (optedOut === true) return 'opted_out';
    if (!this.choice.sources.includes(track.source)) return 'source';
    return track.encrypted === true ? 'encrypted' : undefined;
  }
}

const rosterTrack = (
  { identity, name }: RoomParticipant,
  { sid, source, muted, versionUnixMs }: RoomTrack,
): RosterTrack => ({ trackSid: sid, identity, name, source, muted, versionUnixMs });

const idsOf = (leftOut: readonly LeftOutTrack[]): string =>
  leftOut.map(({ trackSid, reason }) => `${trackSid} ${reason}`).join();

const personOf = ({ identity, name }: RoomParticipant): Person => ({ identity, name });
