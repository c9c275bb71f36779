import type * as Rtc from '@livekit/rtc-node';

export type RtcModule = typeof Rtc;

/** Loads LiveKit's WebRTC client, an optional package with native code. Only the child process loads it. */
export const loadRtc = async (): Promise<RtcModule> => import('@livekit/rtc-node');
