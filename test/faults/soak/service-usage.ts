import { descriptors, residentBytes } from '../../bench/process-usage.js';
import type { World } from '../world.js';

export interface ServiceUsage {
  readonly pid: number;
  readonly residentMb: number;
  readonly heapMb: number;
  readonly externalMb: number;
  /** Null where the system does not say. */
  readonly descriptors: number | null;
  readonly egressSlots: number;
  readonly audioSockets: number;
  readonly sessionsLive: number;
  readonly timers: number;
  readonly tcpSockets: number;
  readonly soundLostS: number;
  readonly loopDelayP99Ms: number;
}

/** What must be back at its level once all rooms are gone; and what each may be above that. */
const MARGINS = {
  descriptors: 4,
  egressSlots: 0,
  audioSockets: 0,
  sessionsLive: 0,
  timers: 2,
  tcpSockets: 4,
} as const;

/** What the service holds at the moment: memory, descriptors, sockets, timers, slots. */
export async function usageOf(world: World): Promise<ServiceUsage> {
  const gauge = gauges(await world.metrics());
  const { pid } = world;
  return {
    pid,
    residentMb: megabytes(residentBytes(pid)),
    heapMb: megabytes(gauge('nodejs_heap_size_used_bytes')),
    externalMb: megabytes(gauge('nodejs_external_memory_bytes')),
    descriptors: descriptors(pid),
    egressSlots: gauge('roomscribe_egress_slots_taken'),
    audioSockets: gauge('roomscribe_audio_sockets'),
    sessionsLive: gauge('roomscribe_sessions_live'),
    timers: gauge('nodejs_active_resources{type="Timeout"}'),
    tcpSockets: gauge('nodejs_active_resources{type="TCPSocketWrap"}'),
    soundLostS: gauge('roomscribe_track_missing_audio_seconds_total'),
    loopDelayP99Ms: gauge('roomscribe_event_loop_delay_p99_seconds') * 1000,
  };
}

/** What has not come back to its level of before the rooms, in words. */
export function stillHeld(before: ServiceUsage, after: ServiceUsage): string[] {
  return (Object.keys(MARGINS) as (keyof typeof MARGINS)[])
    .map((name) => ({ name, levelBefore: before[name] ?? 0, levelAfter: after[name] ?? 0 }))
    .filter(({ name, levelBefore, levelAfter }) => levelAfter > levelBefore + MARGINS[name])
    .map(({ name, levelBefore, levelAfter }) => `${name}: ${levelBefore} before, ${levelAfter} after`);
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;

/** A gauge without a value is 0: nothing of that kind exists. */
function gauges(text: string): (name: string) => number {
  const values = new Map(
    text.split('\n').map((line) => [line.slice(0, line.lastIndexOf(' ')), line.split(' ').at(-1)] as const),
  );
  return (name) => Number(values.get(name) ?? 0);
}
