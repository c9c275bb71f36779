import type * as Rtc from '@livekit/rtc-node';

export type RtcModule = typeof Rtc;

/** LiveKit's WebRTC client, an optional package. */
export async function loadRtc(): Promise<RtcModule> {
  try {
    return await import('@livekit/rtc-node');
  } catch (cause) {
    throw new Error('The Egress proxy joins real rooms with @livekit/rtc-node, which is not installed here', { cause });
  }
}
