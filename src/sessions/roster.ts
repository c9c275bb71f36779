import type { TrackKind } from '../media/track-kind.js';
import type { ParticipantKind, RoomParticipant } from './rooms.js';

export interface RosterTrack {
  readonly trackSid: string;
  readonly identity: string;
  readonly name: string;
  readonly source: TrackKind;
  readonly muted: boolean;
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

  constructor(private readonly choice: RosterChoice) {}

  get tracks(): readonly RosterTrack[] {
    return [...this.#tracks.values()];
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
    const changes: RosterChanges = {
      joined: people.filter(({ identity, sid }) => this.#people.get(identity)?.sid !== sid).map(personOf),
      renamed: people.filter(({ identity, name }) => (this.#people.get(identity)?.name ?? name) !== name).map(personOf),
      published: [...tracks.values()].filter(({ trackSid }) => !this.#tracks.has(trackSid)),
      unpublished: [...this.#tracks.values()].filter(({ trackSid }) => !tracks.has(trackSid)),
    };
    this.#people = new Map(people.map(({ identity, sid, name }) => [identity, { sid, name }]));
    this.#tracks = tracks;
    return changes;
  }

  #chosenTracks({ identity, name, audioTracks }: RoomParticipant): RosterTrack[] {
    return audioTracks
      .filter(({ source }) => this.choice.sources.includes(source))
      .map(({ sid, source, muted }) => ({ trackSid: sid, identity, name, source, muted }));
  }
}

const personOf = ({ identity, name }: RoomParticipant): Person => ({ identity, name });
