import type { TrackKind } from '../media/track-kind.js';

export type ParticipantKind = 'standard' | 'sip' | 'ingress' | 'connector' | 'bridge' | 'egress' | 'agent' | 'other';

/** An audio track as LiveKit lists it. */
export interface RoomTrack {
  readonly sid: string;
  readonly source: TrackKind;
  readonly muted: boolean;
  /** End to end: the server receives noise. */
  readonly encrypted?: boolean;
  /** Unix time by LiveKit's clock, in milliseconds: when the track was published or, later, last changed. */
  readonly versionUnixMs?: number | undefined;
}

export interface RoomParticipant {
  /** LiveKit's participant SID: another one after a reload, under the same identity. */
  readonly sid: string;
  readonly identity: string;
  readonly name: string;
  readonly kind: ParticipantKind;
  /** Who has the attribute `roomscribe.transcribe` with the value `off` does not want to be transcribed. */
  readonly optedOut?: boolean;
  /** Whether the others do not see them. */
  readonly hidden?: boolean;
  readonly audioTracks: readonly RoomTrack[];
}

/** A room that is open. One that opens again under the same name has another SID. */
export interface OpenRoom {
  readonly name: string;
  readonly sid: string;
  /** Unix time by LiveKit's clock, in milliseconds. */
  readonly createdAtMs: number;
}

/** LiveKit's rooms as they are now. Every method rejects when LiveKit cannot be asked. */
export abstract class Rooms {
  /** The open rooms; with names, only those of these names. */
  abstract open(names?: readonly string[]): Promise<OpenRoom[]>;

  /** Everybody in the room; empty when there is no such room. */
  abstract participants(room: string): Promise<RoomParticipant[]>;
}
