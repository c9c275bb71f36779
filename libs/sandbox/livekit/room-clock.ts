/** The rate at which the rooms carry audio. */
export const ROOM_RATE_HZ = 48_000;

/** Samples at 48 kHz since the process began: the clock that every scripted track and every egress shares. */
export const nowSamples = (): number => Math.floor((performance.now() * ROOM_RATE_HZ) / 1000);
