import type { DisconnectReason } from '@livekit/rtc-node';
import type { LossCause } from '../messages.js';
import type { RtcModule } from './rtc.js';

/** Why LiveKit ended a connection. */
export function causeOfEnd(rtc: RtcModule, reason: DisconnectReason): LossCause {
  const { DisconnectReason: reasons } = rtc;
  if (reason === reasons.PARTICIPANT_REMOVED) return 'removed';
  if (reason === reasons.ROOM_DELETED || reason === reasons.ROOM_CLOSED) return 'room-closed';
  return 'disconnected';
}

/** Why a connection could not be made. The client has only a text for it, which quotes the server. */
export function causeOfFailure(error: unknown): LossCause {
  return error instanceof Error && /\b40[13]\b/.test(error.message) ? 'refused' : 'unreachable';
}
