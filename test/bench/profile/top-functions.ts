import type { HeapProfiler, Profiler, Runtime } from 'node:inspector';

export interface Place {
  readonly place: string;
  /** Of the whole, 0..1. */
  readonly share: number;
  readonly amount: number;
}

/** Self time by function, the greatest first: share of all samples, idle ones left out. */
export function topFunctions({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, count: number): Place[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const selfUs = new Map<string, number>();
  let busyUs = 0;
  samples.forEach((id, i) => {
    const frame = byId.get(id)?.callFrame;
    if (frame === undefined || frame.functionName === '(idle)') return;
    const place = placeOf(frame);
    const us = timeDeltas[i] ?? 0;
    busyUs += us;
    selfUs.set(place, (selfUs.get(place) ?? 0) + us);
  });
  return top(selfUs, busyUs, count);
}

/** Allocated bytes by the function that allocates, the greatest first, with what the collector has freed since. */
export function topAllocations({ head }: HeapProfiler.SamplingHeapProfile, count: number) {
  const bytes = new Map<string, number>();
  let total = 0;
  const waiting = [head];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const place = placeOf(node.callFrame);
    bytes.set(place, (bytes.get(place) ?? 0) + node.selfSize);
    total += node.selfSize;
    waiting.push(...node.children);
  }
  return { total, top: top(bytes, total, count) };
}

const top = (amounts: ReadonlyMap<string, number>, total: number, count: number): Place[] =>
  [...amounts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([place, amount]) => ({ place, share: amount / total, amount }));

function placeOf({ functionName, url, lineNumber }: Runtime.CallFrame): string {
  const path = url.replace(/^file:\/\/.*\/(dist|node_modules)\//, '$1/');
  const name = functionName === '' ? '(anonymous)' : functionName;
  return path === '' ? name : `${name} ${path}:${lineNumber + 1}`;
}
