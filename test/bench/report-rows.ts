import type { AttributionFigures } from './parts/attribution.js';
import type { ChainFigures } from './parts/chain.js';
import type { FreezeFigures } from './parts/freezes.js';
import type { GladiaFaultFigures } from './parts/gladia-faults.js';
import type { LoopFigures } from './parts/loop.js';
import type { MemoryFigures } from './parts/memory.js';
import type { ProcessesFigures } from './parts/processes.js';
import type { ResamplerFigures } from './parts/resampler.js';
import type { SoakFigures } from './parts/soak.js';
import type { SoundFigures } from './parts/sound.js';
import type { SourceFigures } from './parts/source-latency.js';
import { number, type Row } from './report.js';
import { soundRows } from './sound/rows.js';
import { median, type LatencyFigures } from './statistics.js';

/** The parts that were measured. */
export interface PartFigures {
  chain?: ChainFigures;
  latency?: LatencyFigures;
  resampler?: ResamplerFigures;
  sound?: SoundFigures;
  memory?: MemoryFigures;
  processes?: ProcessesFigures;
  freezes?: FreezeFigures[];
  'gladia-faults'?: GladiaFaultFigures[];
  attribution?: AttributionFigures;
  soak?: SoakFigures;
  sources?: SourceFigures;
  loop?: LoopFigures;
}

/** What was measured, as rows of the report. */
export const reportRows = (parts: PartFigures): Row[] => [
  ...rowsOfPart(parts.chain, chainRows),
  ...rowsOfPart(parts.latency, latencyRows),
  ...rowsOfPart(parts.sources, sourceRows),
  ...rowsOfPart(parts.resampler, resamplerRows),
  ...rowsOfPart(parts.sound, soundRows),
  ...rowsOfPart(parts.memory, memoryRows),
  ...(parts.freezes ?? []).flatMap(freezeRows),
  ...rowsOfPart(parts.soak, soakRows),
  ...rowsOfPart(parts.processes, processesRows),
  ...rowsOfPart(parts.loop, loopRows),
];

const rowsOfPart = <Figures>(figures: Figures | undefined, rows: (figures: Figures) => Row[]): Row[] =>
  figures === undefined ? [] : rows(figures);

const chainRows = ({ tracksPerCore, chainVsGo, chainVsFloor, goPeerMissing, raw }: ChainFigures): Row[] => [
  { name: 'chain, tracks a core', value: tracksPerCore.service },
  { name: 'chain, lively engine, tracks a core', value: tracksPerCore.serviceLively },
  {
    name: goPeerMissing === null ? 'Go peer, tracks a core' : `Go peer (${goPeerMissing})`,
    value: tracksPerCore.goPeer,
  },
  { name: 'read floor, tracks a core', value: tracksPerCore.floor },
  { name: 'chain / Go peer', value: chainVsGo, digits: 2, target: '>= 1.4' },
  { name: 'chain / read floor', value: chainVsFloor, digits: 2, target: '>= 0.6' },
  {
    // While the generator itself is held up by the machine, the delays are the machine's and not the service's.
    name: 'load generator late by at most',
    value: Math.max(...raw.service.map((run) => run.generatorLatestMs)),
    unit: ' ms',
    target: '<= 20 ms, or delays are void',
  },
  {
    name: 'all sessions live and connected after',
    value: median(raw.service.map((run) => run.connectedMs)),
    unit: ' ms',
  },
  { name: 'sound out, x real time', value: raw.service[0]?.outRealtime, digits: 3, target: '1.000' },
];

const latencyRows = ({ p50, p99, max, onsets }: LatencyFigures): Row[] => [
  { name: `added delay p50, of ${onsets} onsets`, value: p50, digits: 1, unit: ' ms', target: '<= 45 ms' },
  { name: 'added delay p99', value: p99, digits: 1, unit: ' ms', target: '<= 75 ms' },
  { name: 'added delay, longest', value: max, digits: 1, unit: ' ms' },
];

const sourceRows = ({ participant, participantProcess, egress }: SourceFigures): Row[] => [
  { name: 'sound to mixer, participant, p50', value: participant?.p50, unit: ' ms' },
  { name: 'sound to mixer, participant, p99', value: participant?.p99, unit: ' ms' },
  { name: 'sound to mixer, sandbox’s Egress, tuned, p50', value: egress.tuned.p50, unit: ' ms' },
  { name: 'sound to mixer, sandbox’s Egress, default, p50', value: egress.default.p50, unit: ' ms' },
  ...(participantProcess ?? []).flatMap(({ tracks, cpuShare, residentMb }) => [
    { name: `participant process, ${tracks} tracks, of a core`, value: 100 * cpuShare, digits: 1, unit: ' %' },
    { name: `participant process, ${tracks} tracks, resident`, value: residentMb, unit: ' MB' },
  ]),
];

const resamplerRows = ({ simd, plain, rtcNode, ffmpeg, mixer, rtcNodeMixer }: ResamplerFigures): Row[] => [
  { name: 'resampler, x real time', value: simd, target: '>= 5000' },
  { name: 'its plain TypeScript implementation', value: plain },
  { name: 'rtc-node AudioResampler', value: rtcNode },
  { name: 'ffmpeg aresample', value: ffmpeg },
  { name: 'mixer, tracks x real time', value: mixer },
  { name: 'rtc-node AudioMixer', value: rtcNodeMixer },
];

const memoryRows = ({ perTrackMb, perSessionMb, emptyMb }: MemoryFigures): Row[] => [
  { name: 'resident, no session', value: emptyMb, unit: ' MB' },
  { name: 'a track', value: perTrackMb, digits: 2, unit: ' MB', target: '<= 0.15 MB' },
  { name: 'a session, its log full', value: perSessionMb, digits: 2, unit: ' MB', target: '<= 5 MB' },
];

const freezeRows = (row: FreezeFigures): Row[] => [
  {
    name: `a freeze of ${row.seconds} s, 200 tracks: beeps of ${row.beeps} that are missing`,
    value: row.beepsMissing,
    target: '0 but for what is reported',
  },
  { name: 'the sockets’ backlog read after', value: row.readAfterMs, unit: ' ms', target: '<= 3000 ms' },
  { name: 'all of it sent on after', value: row.caughtUpAfterMs / 1000, digits: 1, unit: ' s' },
  { name: 'lost before it came to us, a track', value: row.withheldS, digits: 1, unit: ' s' },
  {
    name: 'lost in all, as the service counts, a track',
    value: row.countedMissingS,
    digits: 1,
    unit: ' s',
    target: '<= 10 s',
  },
  { name: 'published as gaps, a track', value: row.reportedMissingS, digits: 1, unit: ' s', target: 'the same' },
  { name: 'resident before', value: row.residentBeforeMb, unit: ' MB' },
  { name: 'resident at most', value: row.residentMostMb, unit: ' MB' },
  { name: 'resident a minute after', value: row.residentAfterMb, unit: ' MB' },
];

const soakRows = (figures: SoakFigures): Row[] => {
  const { tracks, minutes, warmMinutes, residentMbPerMinute, soundLostS, delayP99Ms, descriptors } = figures;
  return [
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
  ];
};

const processesRows = ({ twoVsOne, tracks, reason }: ProcessesFigures): Row[] => [
  {
    name: `two processes / one (${reason ?? `${tracks ?? 0} tracks each`})`,
    value: twoVsOne,
    digits: 2,
    target: '>= 1.9',
  },
];

const loopRows = ({ delayP99Ms, tracks, cpuShare }: LoopFigures): Row[] => [
  {
    name: `event-loop delay p99, ${tracks} tracks, ${number(100 * cpuShare)} % of a core`,
    value: delayP99Ms,
    unit: ' ms',
    target: '<= 15 ms',
  },
];
