import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds, residentBytes } from '../process-usage.js';
import { FRAME_MS } from './frames.js';
import type { Burst } from './generator.js';
import { SINK_BYTES_PER_SECOND, type Rig } from './rig.js';
import type { Onset } from './stt-sink.js';

/** Longer than any delay that is of interest, shorter than the time between two bursts. */
const LONGEST_DELAY_MS = 305;

export interface WindowFigures {
  readonly tracks: number;
  readonly sessions: number;
  /** Of one core. */
  readonly cpuShare: number;
  readonly tracksPerCore: number;
  /** Seconds of sound that came out, per second and session. */
  readonly outRealtime: number | null;
  readonly loadCpuShare: number;
  readonly generatorLatestMs: number;
  readonly withheldFrames: number;
  readonly dataPacketsPerSecond: number;
  readonly residentMb: number;
  readonly soundSecondsPerSession: number;
  readonly delaysMs: readonly number[];
}

/** Watches a process for so long, under a load that is steady already. */
export async function measureWindow(rig: Rig, pid: number, windowMs: number): Promise<WindowFigures> {
  const before = await rig.figures();
  const cpuBeforeS = cpuSeconds(pid);
  const packetsBefore = rig.dataPackets;
  await sleep(windowMs);
  const cpuS = cpuSeconds(pid) - cpuBeforeS;
  const after = await rig.figures();
  const seconds = (after.atMs - before.atMs) / 1000;
  const tracks = ((after.generator.sentFrames - before.generator.sentFrames) * FRAME_MS) / 1000 / seconds;
  const soundSeconds = (after.sink.bytes - before.sink.bytes) / SINK_BYTES_PER_SECOND;
  return {
    tracks,
    sessions: after.sink.sessions,
    cpuShare: cpuS / seconds,
    tracksPerCore: tracks / (cpuS / seconds),
    outRealtime: after.sink.sessions === 0 ? null : soundSeconds / seconds / after.sink.sessions,
    loadCpuShare: (after.generatorCpuS - before.generatorCpuS + after.sinkCpuS - before.sinkCpuS) / seconds,
    generatorLatestMs: after.generator.latestMs,
    withheldFrames: after.generator.withheldFrames - before.generator.withheldFrames,
    dataPacketsPerSecond: (rig.dataPackets - packetsBefore) / seconds,
    residentMb: residentBytes(pid) / 1e6,
    soundSecondsPerSession: after.sink.bytes / SINK_BYTES_PER_SECOND / Math.max(1, after.sink.sessions),
    delaysMs: burstDelaysMs(after.generator.bursts, after.sink.onsets),
  };
}

/**
 * For each burst: from the moment its frame was sent to the moment the chunk with its first sample came. Both clocks are
 * the machine's monotonic one.
 */
function burstDelaysMs(bursts: readonly Burst[], onsets: readonly Onset[]): number[] {
  const delays = bursts.map(({ session, atNs }) => {
    const after = onsets.filter((onset) => onset.session === session).map((onset) => msBetween(atNs, onset.atNs));
    return Math.min(...after.filter((ms) => ms > 0));
  });
  return delays.filter((ms) => ms < LONGEST_DELAY_MS);
}

const msBetween = (fromNs: string, toNs: string): number => Number(BigInt(toNs) - BigInt(fromNs)) / 1e6;
