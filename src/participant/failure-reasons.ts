import type { ConnectionFailure } from './room-connection.js';

export const UNUSABLE =
  'joining rooms needs LiveKit’s client: install @livekit/rtc-node or choose another AUDIO_SOURCE';

const REASONS: Readonly<Record<ConnectionFailure, string>> = {
  unreachable: 'LiveKit cannot be reached',
  refused: 'LiveKit refuses to let us in: LIVEKIT_API_KEY and LIVEKIT_API_SECRET must be right',
  removed: 'our participant was removed from the room',
  'room-closed': 'the room is closed',
  moved: 'our participant was moved to another room',
  disconnected: 'the connection to the room was lost',
  leaking: 'the process that is in the room takes too much memory and is replaced',
  hung: 'the process that is in the room gives no sign of life',
  'process-ended': 'the process that is in the room has ended',
  unusable: UNUSABLE,
};

/** For people who look after the service. */
export const reasonOf = (trouble: ConnectionFailure): string => REASONS[trouble];
