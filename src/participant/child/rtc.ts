import type * as Rtc from '@livekit/rtc-node';

export type RtcModule = typeof Rtc;

/** LiveKit's WebRTC client: an optional package, native code, and loaded in the child process alone. */
export const loadRtc = async (): Promise<RtcModule> => import('@livekit/rtc-node');
