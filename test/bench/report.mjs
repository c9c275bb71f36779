import { soundRows } from './sound/rows.mjs';
import { median } from './statistics.mjs';

function number(value, digits = 0) {
  if (value === null || value === undefined) return 'not to be had';
  return value === Infinity ? '∞' : value.toFixed(digits);
}

/** @typedef {{ name: string, value: number | null | undefined, digits?: number, unit?: string, target?: string }} Row */

/** One table of all that was measured, with the targets beside it. */
export function printReport({ machine, parts }) {
  const { cpu, processors, system, versions } = machine;
  console.log(`\n${cpu}, ${processors} processors, ${system}`);
  console.log(
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version ?? 'none'}`)
      .join('; '),
  );
  const rows = Object.entries(ROWS).flatMap(([part, rowsOf]) => (parts[part] ? rowsOf(parts[part]) : []));
  console.log(`\n| figure | measured | target |\n|---|---:|---|`);
  for (const { name, value, digits, unit = '', target = '' } of rows) {
    console.log(`| ${name} | ${number(value, digits)}${value === null ? '' : unit} | ${target} |`);
  }
}

/** While the generator itself is held up by the machine, the delays are the machine's and not the service's. */
const longestLateness = (runs) => Math.max(...runs.map((run) => run.generatorLatestMs));

/** @type {Record<string, (part: any) => Row[]>} */
const ROWS = {
  chain: ({ tracksPerCore, chainVsGo, chainVsFloor, goPeerMissing, raw }) => [
    { name: 'chain, tracks a core', value: tracksPerCore.service },
    { name: 'chain, lively engine, tracks a core', value: tracksPerCore.serviceLively },
    { name: goPeerMissing ? `Go peer (${goPeerMissing})` : 'Go peer, tracks a core', value: tracksPerCore.goPeer },
    { name: 'read floor, tracks a core', value: tracksPerCore.floor },
    { name: 'chain / Go peer', value: chainVsGo, digits: 2, target: '>= 1.4' },
    { name: 'chain / read floor', value: chainVsFloor, digits: 2, target: '>= 0.6' },
    {
      name: 'load generator late by at most',
      value: longestLateness(raw.service),
      unit: ' ms',
      target: '<= 20 ms, or delays are void',
    },
    {
      name: 'all sessions live and connected after',
      value: median(raw.service.map((run) => run.connectedMs)),
      unit: ' ms',
    },
    { name: 'sound out, x real time', value: raw.service[0].outRealtime, digits: 3, target: '1.000' },
  ],
  latency: ({ p50, p99, max, onsets }) => [
    { name: `added delay p50, of ${onsets} onsets`, value: p50, digits: 1, unit: ' ms', target: '<= 45 ms' },
    { name: 'added delay p99', value: p99, digits: 1, unit: ' ms', target: '<= 75 ms' },
    { name: 'added delay, longest', value: max, digits: 1, unit: ' ms' },
  ],
  sources: ({ participant, participantProcess, egress }) => [
    { name: 'sound to mixer, participant, p50', value: participant?.p50, unit: ' ms' },
    { name: 'sound to mixer, participant, p99', value: participant?.p99, unit: ' ms' },
    { name: 'sound to mixer, sandbox’s Egress, tuned, p50', value: egress.tuned.p50, unit: ' ms' },
    { name: 'sound to mixer, sandbox’s Egress, default, p50', value: egress.default.p50, unit: ' ms' },
    ...(participantProcess ?? []).flatMap(({ tracks, cpuShare, residentMb }) => [
      { name: `participant process, ${tracks} tracks, of a core`, value: 100 * cpuShare, digits: 1, unit: ' %' },
      { name: `participant process, ${tracks} tracks, resident`, value: residentMb, unit: ' MB' },
    ]),
  ],
  resampler: ({ simd, typescriptTwin, rtcNode, ffmpeg, mixer, rtcNodeMixer }) => [
    { name: 'resampler, x real time', value: simd, target: '>= 5000' },
    { name: 'its TypeScript twin', value: typescriptTwin },
    { name: 'rtc-node AudioResampler', value: rtcNode },
    { name: 'ffmpeg aresample', value: ffmpeg },
    { name: 'mixer, tracks x real time', value: mixer },
    { name: 'rtc-node AudioMixer', value: rtcNodeMixer },
  ],
  sound: soundRows,
  memory: ({ perTrackMb, perSessionMb, emptyMb }) => [
    { name: 'resident, no session', value: emptyMb, unit: ' MB' },
    { name: 'a track', value: perTrackMb, digits: 2, unit: ' MB', target: '<= 0.15 MB' },
    { name: 'a session, its log full', value: perSessionMb, digits: 2, unit: ' MB', target: '<= 5 MB' },
  ],
  freezes: (rows) =>
    rows.flatMap((row) => [
      {
        name: `a freeze of ${row.seconds} s, 200 tracks: beeps of ${row.beeps} that are missing`,
        value: row.beepsLost,
        target: '0 but for what is named',
      },
      { name: 'the sockets’ backlog read after', value: row.readAfterMs, unit: ' ms', target: '<= 3000 ms' },
      { name: 'all of it sent on after', value: row.caughtUpAfterMs / 1000, digits: 1, unit: ' s' },
      { name: 'lost before it came to us, a track', value: row.sourceLostS, digits: 1, unit: ' s' },
      {
        name: 'lost in all, as the service counts, a track',
        value: row.toldLostS,
        digits: 1,
        unit: ' s',
        target: '<= 10 s',
      },
      { name: 'named in the time line, a track', value: row.namedLostS, digits: 1, unit: ' s', target: 'the same' },
      { name: 'resident before', value: row.residentBeforeMb, unit: ' MB' },
      { name: 'resident at most', value: row.residentMostMb, unit: ' MB' },
      { name: 'resident a minute after', value: row.residentAfterMb, unit: ' MB' },
    ]),
  soak: ({ tracks, minutes, warmMinutes, residentMbPerMinute, soundLostS, delayP99Ms, descriptors }) => [
    {
      name: `soak, ${tracks} tracks for ${minutes} minutes: memory, from minute ${warmMinutes} on`,
      value: residentMbPerMinute,
      digits: 2,
      unit: ' MB/min',
      target: '< 1 MB/min',
    },
    { name: 'soak, sound lost', value: soundLostS, digits: 1, unit: ' s', target: '0 s' },
    { name: 'soak, event-loop delay p99, longest minute', value: delayP99Ms, unit: ' ms', target: '<= 20 ms' },
    {
      name: 'soak, descriptors more at the end than when warm',
      value: descriptors,
      target: '<= 5, connections that are kept open',
    },
  ],
  processes: ({ twoVsOne, tracks, reason }) => [
    {
      name: `two processes / one (${reason ?? `${tracks} tracks each`})`,
      value: twoVsOne,
      digits: 2,
      target: '>= 1.9',
    },
  ],
  loop: ({ delayP99Ms, tracks, cpuShare }) => [
    {
      name: `event-loop delay p99, ${tracks} tracks, ${number(100 * cpuShare)} % of a core`,
      value: delayP99Ms,
      unit: ' ms',
      target: '<= 15 ms',
    },
  ],
};
