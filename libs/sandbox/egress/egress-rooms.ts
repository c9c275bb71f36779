import type { EgressRequest } from './egress-request.js';
import type { StereoSource } from './track-audio.js';

/** An egress in a room, as the hidden participant `EG_…`. */
export interface EgressParticipant {
  /** Its audio. Resolves when everything asked for is published; rejects when it never will be. */
  readonly audio: Promise<StereoSource>;
  /** Whether no more audio will come: the asked-for track, or the whole room, is gone. A pair goes on. */
  readonly ended: boolean;
  /** Leaves the room; idempotent. */
  leave(): Promise<void>;
}

/** The port by which Egress reaches rooms. */
export interface EgressRooms {
  /** The sid of an open room. */
  sidOf(roomName: string): Promise<string | undefined>;
  enter(request: EgressRequest, egressId: string): Promise<EgressParticipant>;
}
