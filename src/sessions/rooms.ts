import type { TrackKind } from '../media/track-kind.js';

export type ParticipantKind = 'standard' | 'sip' | 'ingress' | 'egress' | 'agent' | 'other';

/** An audio track as the room lists it. */
export interface RoomTrack {
  readonly sid: string;
  readonly source: TrackKind;
  readonly muted: boolean;
}

export interface RoomParticipant {
  /** LiveKit's id of this stay in the room: another one after a reload, under the same identity. */
  readonly sid: string;
  readonly identity: string;
  readonly name: string;
  readonly kind: ParticipantKind;
  readonly audioTracks: readonly RoomTrack[];
}

/** One life of a room: opened again under the same name, it is another one. */
export interface OpenRoom {
  readonly name: string;
  readonly sid: string;
  /** Unix time by LiveKit's clock, in milliseconds. */
  readonly createdAtMs: number;
}

/** The rooms themselves, which are the truth where webhooks are only hints. Rejects when LiveKit cannot be asked. */
export abstract class Rooms {
  /** Which rooms there are now; with names, which of these. */
  abstract open(names?: readonly string[]): Promise<OpenRoom[]>;

  /** Everybody in the room now; empty when there is no such room. */
  abstract participants(room: string): Promise<RoomParticipant[]>;
}
