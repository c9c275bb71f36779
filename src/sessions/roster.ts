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

/** One stay of a person in the room. */
interface Stay {
  readonly sid: string;
  readonly name: string;
}

export interface RosterChanges {
  /** Who came, or came back, perhaps within one look and under the same identity. */
  readonly joined: readonly Person[];
  /** Who was there before, under another name. */
  readonly renamed: readonly Person[];
  readonly published: readonly RosterTrack[];
  readonly unpublished: readonly RosterTrack[];
}

/** Whom and what to transcribe. */
export interface RosterChoice {
  readonly kinds: readonly ParticipantKind[];
  readonly sources: readonly TrackKind[];
}

/**
 * Who is in the room and which of their tracks are transcribed.
 * Law: the same list gives the same roster, however often and after whatever it comes; each change is told once.
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

  /** Takes what the room lists now, and tells what that changes. */
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
