import { setTimeout as pause } from 'node:timers/promises';
import { cpuSeconds, residentBytes } from '../process-usage.mjs';
import { FRAME_MS } from './frames.mjs';
import { burstDelaysMs } from './burst-delays.mjs';
import { SINK_BYTES_PER_SECOND } from './rig.mjs';

/** @typedef {Awaited<ReturnType<typeof measureWindow>>} WindowFigures */

/** Watches a process under a load that is steady by now, for so long. */
export async function measureWindow(rig, pid, windowMs) {
  const before = await rig.figures();
  const cpuBefore = cpuSeconds(pid);
  const packetsBefore = rig.dataPackets;
  await pause(windowMs);
  const cpu = cpuSeconds(pid) - cpuBefore;
  const after = await rig.figures();
  const seconds = (after.atMs - before.atMs) / 1000;
  const tracks = ((after.generator.sentFrames - before.generator.sentFrames) * FRAME_MS) / 1000 / seconds;
  const soundSeconds = (after.sink.bytes - before.sink.bytes) / SINK_BYTES_PER_SECOND;
  return {
    tracks,
    sessions: after.sink.sessions,
    cpuShare: cpu / seconds,
    tracksPerCore: tracks / (cpu / seconds),
    outRealtime: after.sink.sessions === 0 ? null : soundSeconds / seconds / after.sink.sessions,
    loadCpuShare: (after.generatorCpu - before.generatorCpu + after.sinkCpu - before.sinkCpu) / seconds,
    generatorLatestMs: after.generator.latestMs,
    withheldFrames: after.generator.withheldFrames - before.generator.withheldFrames,
    dataPacketsPerSecond: (rig.dataPackets - packetsBefore) / seconds,
    residentMb: residentBytes(pid) / 1e6,
    soundSecondsPerSession: after.sink.bytes / SINK_BYTES_PER_SECOND / Math.max(1, after.sink.sessions),
    delaysMs: burstDelaysMs(after.generator.bursts, after.sink.onsets),
  };
}
