// npm run bench: what the service costs, beside its peers, on this machine. docs/performance.md says how to read it.
import { writeFileSync } from 'node:fs';
import { describeMachine } from './machine.mjs';
import { readOptions } from './options.mjs';
import { attributionTable, measureAttribution } from './parts/attribution.mjs';
import { measureChain, measureLatency } from './parts/chain.mjs';
import { measureFreezes } from './parts/freezes.mjs';
import { gladiaFaultsTable, measureGladiaFaults } from './parts/gladia-faults.mjs';
import { measureLoop } from './parts/loop.mjs';
import { measureMemory } from './parts/memory.mjs';
import { measureProcesses } from './parts/processes.mjs';
import { measureResampler } from './parts/resampler.mjs';
import { measureService } from './parts/service-run.mjs';
import { measureSound } from './parts/sound.mjs';
import { measureSoak } from './parts/soak.mjs';
import { measureSourceLatency } from './parts/source-latency.mjs';
import { Processors } from './processors.mjs';
import { profileService } from './profile/profile.mjs';
import { printReport } from './report.mjs';

const startMs = performance.now();
const say = (what) => console.log(`${((performance.now() - startMs) / 1000).toFixed(0).padStart(4)} s  ${what}`);

const options = readOptions(process.argv.slice(2));
const processors = new Processors();
const load = { tracks: options.tracks, talk: options.talk, processor: processors.subject };

if (options.profile === undefined) await bench();
else await profileService(load, options);
process.exit();

async function bench() {
  const parts = await measureParts();
  const result = {
    ...{ machine: describeMachine(), options, ratios: ratiosOf(parts), latencyMs: latencyOf(parts) },
    sourceLatencyMs: { participant: parts.sources?.participant ?? null, egress: parts.sources?.egress ?? null },
    parts,
  };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, infinityAsText, 2)}\n`);
  printReport(result);
  if (parts['gladia-faults'] !== undefined) console.log(`\n${gladiaFaultsTable(parts['gladia-faults'])}`);
  if (parts.attribution !== undefined) console.log(`\n${attributionTable(parts.attribution)}`);
}

async function measureParts() {
  const parts = {};
  const measure = async (part, of) => {
    if (!options.only.includes(part)) return;
    try {
      parts[part] = await of();
    } catch (error) {
      console.error(`${part} could not be measured: ${error.message}`);
    }
  };
  await measure('chain', () => measureChain(load, options, say));
  await measure('latency', () => parts.chain?.latencyMs ?? measureLatency(load, options, say));
  await measure('resampler', () => measureResampler(say));
  await measure('sound', () => measureSound(say));
  await measure('memory', () => measureMemory(load, say));
  await measure('processes', () => measureProcesses(load, options, processors, say));
  await measure('freezes', () => measureFreezes(load, say));
  await measure('gladia-faults', () => measureGladiaFaults(say));
  await measure('attribution', () => measureAttribution(say));
  await measure('soak', () => measureSoak(load, options, say));
  await measure('sources', () => measureSourceLatency(say));
  await measure('loop', async () => measureLoop(load, await capacity(parts), options, say));
  return parts;
}

/** What 70 % of a core is a share of. */
async function capacity({ chain }) {
  if (chain !== undefined) return chain.tracksPerCore.service;
  say('capacity');
  return (await measureService(load, options.windowMs)).tracksPerCore;
}

/** JSON has no infinity, and null would say that there is no figure. */
function infinityAsText(_key, value) {
  return value === Infinity ? 'Infinity' : value;
}

function ratiosOf({ chain, resampler, processes }) {
  return {
    chainVsGo: chain?.chainVsGo ?? null,
    chainVsFloor: chain?.chainVsFloor ?? null,
    resamplerRealtime: resampler?.simd ?? null,
    twoProcessesVsOne: processes?.twoVsOne ?? null,
  };
}

function latencyOf({ latency }) {
  return latency ?? { p50: null, p99: null };
}
