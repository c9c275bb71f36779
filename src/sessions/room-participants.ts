export type ParticipantKind = 'standard' | 'sip' | 'ingress' | 'egress' | 'agent' | 'other';
export type TrackSource = 'microphone' | 'screen_share_audio' | 'unknown' | 'other';

/** An audio track as the room lists it. */
export interface RoomTrack {
  readonly sid: string;
  readonly source: TrackSource;
  readonly muted: boolean;
}

export interface RoomParticipant {
  readonly identity: string;
  readonly name: string;
  readonly kind: ParticipantKind;
  readonly audioTracks: readonly RoomTrack[];
}

/** The room itself, which is the truth where webhooks are only hints. */
export abstract class RoomParticipants {
  /** Everybody in the room now; empty when there is no such room. Rejects when LiveKit cannot be asked. */
  abstract list(room: string): Promise<RoomParticipant[]>;
}
