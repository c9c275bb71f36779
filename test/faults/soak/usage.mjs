import { descriptors, residentBytes } from '../../bench/process-usage.mjs';

/** The service's own gauges that must be back where they were once all rooms are gone; what each may be above that. */
const LEVELS = {
  descriptors: 4,
  egressSlots: 0,
  audioSockets: 0,
  sessionsLive: 0,
  timers: 2,
  tcpSockets: 4,
};

/** What the service holds now: memory, descriptors, sockets, timers, slots. */
export async function usage(world) {
  const gauge = gauges(await world.metrics());
  const { pid } = world.service;
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
    soundLostS: gauge('roomscribe_track_sound_lost_seconds'),
    loopDelayP99Ms: gauge('roomscribe_event_loop_delay_p99_ms'),
  };
}

/** What has not come back to where it was before the rooms, in words. */
export function heldStill(before, after) {
  return Object.entries(LEVELS)
    .filter(([name, margin]) => after[name] > before[name] + margin)
    .map(([name]) => `${name}: ${before[name]} before, ${after[name]} after`);
}

const megabytes = (bytes) => Math.round(bytes / 1e5) / 10;

/** A gauge that has no value is 0: nothing of that kind is there. */
function gauges(text) {
  const values = new Map(
    text.split('\n').map((line) => [line.slice(0, line.lastIndexOf(' ')), line.split(' ').at(-1)]),
  );
  return (name) => Number(values.get(name) ?? 0);
}
