// npm run bench: what the service costs, beside its peers, on this machine. docs/performance.md says how to read it.
import { writeFileSync } from 'node:fs';
import { describeMachine } from './machine.js';
import { readOptions, type Part } from './options.js';
import { attributionTable, measureAttribution } from './parts/attribution.js';
import { measureChain, measureLatency } from './parts/chain.js';
import { measureFreezes } from './parts/freezes.js';
import { gladiaFaultsTable, measureGladiaFaults } from './parts/gladia-faults.js';
import { measureLoop } from './parts/loop.js';
import { measureMemory } from './parts/memory.js';
import { measureProcesses } from './parts/processes.js';
import { measureResampler } from './parts/resampler.js';
import { measureService, type TrackLoad } from './parts/service-run.js';
import { measureSoak } from './parts/soak.js';
import { measureSound } from './parts/sound.js';
import { measureSourceLatency } from './parts/source-latency.js';
import { Processors } from './processors.js';
import { profileService } from './profile/profile.js';
import { reportRows, type PartFigures } from './report-rows.js';
import { printReport } from './report.js';

const startMs = performance.now();
const progress = (what: string): void => {
  console.log(`${((performance.now() - startMs) / 1000).toFixed(0).padStart(4)} s  ${what}`);
};

const options = readOptions(process.argv.slice(2));
const processors = new Processors();
const load: TrackLoad = { tracks: options.tracks, talk: options.talk, processor: processors.subject };

if (options.profile === undefined) await bench();
else await profileService(load, options.windowMs, options.profile);
process.exit();

async function bench(): Promise<void> {
  const parts = await measureParts();
  const machine = describeMachine();
  const result = {
    ...{ machine, options, ratios: ratiosOf(parts), latencyMs: parts.latency ?? { p50: null, p99: null } },
    sourceLatencyMs: { participant: parts.sources?.participant ?? null, egress: parts.sources?.egress ?? null },
    parts,
  };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, infinityAsText, 2)}\n`);
  printReport(machine, reportRows(parts));
  if (parts['gladia-faults'] !== undefined) console.log(`\n${gladiaFaultsTable(parts['gladia-faults'])}`);
  if (parts.attribution !== undefined) console.log(`\n${attributionTable(parts.attribution)}`);
}

async function measureParts(): Promise<PartFigures> {
  const parts: PartFigures = {};
  const measure = async <P extends Part>(
    part: P,
    figures: () => NonNullable<PartFigures[P]> | Promise<NonNullable<PartFigures[P]>>,
  ): Promise<void> => {
    if (!options.only.includes(part)) return;
    try {
      parts[part] = await figures();
    } catch (error) {
      console.error(`${part} could not be measured: ${(error as Error).message}`);
    }
  };
  await measure('chain', () => measureChain(load, options, progress));
  await measure('latency', () => parts.chain?.latencyMs ?? measureLatency(load, options, progress));
  await measure('resampler', () => measureResampler(progress));
  await measure('sound', () => measureSound(progress));
  await measure('memory', () => measureMemory(load, progress));
  await measure('processes', () => measureProcesses(load, options, processors, progress));
  await measure('freezes', () => measureFreezes(load, progress));
  await measure('gladia-faults', () => measureGladiaFaults(progress));
  await measure('attribution', () => measureAttribution(progress));
  await measure('soak', () => measureSoak(load, options, progress));
  await measure('sources', () => measureSourceLatency(progress));
  await measure('loop', async () => measureLoop(load, await capacity(parts), options, progress));
  return parts;
}

/** How many tracks fill a core. */
async function capacity({ chain }: PartFigures): Promise<number> {
  const measured = chain?.tracksPerCore.service ?? null;
  if (measured !== null) return measured;
  progress('capacity');
  return (await measureService(load, options.windowMs)).tracksPerCore;
}

/** JSON has no infinity, and null would say that there is no figure. */
function infinityAsText(_key: string, value: unknown): unknown {
  return value === Infinity ? 'Infinity' : value;
}

function ratiosOf({ chain, resampler, processes }: PartFigures) {
  return {
    chainVsGo: chain?.chainVsGo ?? null,
    chainVsFloor: chain?.chainVsFloor ?? null,
    resamplerRealtime: resampler?.simd ?? null,
    twoProcessesVsOne: processes?.twoVsOne ?? null,
  };
}
