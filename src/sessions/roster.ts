import type { ParticipantKind, RoomParticipant, TrackSource } from './room-participants.js';

export interface RosterTrack {
  readonly trackSid: string;
  readonly identity: string;
  readonly name: string;
  readonly source: TrackSource;
  readonly muted: boolean;
}

export interface RosterChanges {
  readonly joined: readonly { readonly identity: string; readonly name: string }[];
  readonly published: readonly RosterTrack[];
  readonly unpublished: readonly RosterTrack[];
}

/** Whom and what to transcribe. */
export interface RosterChoice {
  readonly kinds: readonly ParticipantKind[];
  readonly sources: readonly TrackSource[];
}

/**
 * Who is in the room and which of their tracks are transcribed.
 * Law: the same list gives the same roster, however often and after whatever it comes; each change is told once.
 */
export class Roster {
  #people = new Set<string>();
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
      joined: people
        .filter(({ identity }) => !this.#people.has(identity))
        .map(({ identity, name }) => ({ identity, name })),
      published: [...tracks.values()].filter(({ trackSid }) => !this.#tracks.has(trackSid)),
      unpublished: [...this.#tracks.values()].filter(({ trackSid }) => !tracks.has(trackSid)),
    };
    this.#people = new Set(people.map(({ identity }) => identity));
    this.#tracks = tracks;
    return changes;
  }

  #chosenTracks({ identity, name, audioTracks }: RoomParticipant): RosterTrack[] {
    return audioTracks
      .filter(({ source }) => this.choice.sources.includes(source))
      .map(({ sid, source, muted }) => ({ trackSid: sid, identity, name, source, muted }));
  }
}
