/** Self time by function, the greatest first: share of all samples, idle ones left out. */
export function topFunctions({ nodes, samples, timeDeltas }, count) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const selfUs = new Map();
  let busyUs = 0;
  samples.forEach((id, i) => {
    const { functionName, url, lineNumber } = byId.get(id).callFrame;
    if (functionName === '(idle)') return;
    const place = placeOf(functionName, url, lineNumber);
    busyUs += timeDeltas[i];
    selfUs.set(place, (selfUs.get(place) ?? 0) + timeDeltas[i]);
  });
  return top(selfUs, busyUs, count);
}

/** Allocated bytes by the function that allocates, the greatest first, with what the collector has taken back since. */
export function topAllocations({ head }, count) {
  const bytes = new Map();
  let total = 0;
  for (const waiting = [head]; waiting.length > 0;) {
    const { callFrame, selfSize, children } = waiting.pop();
    const place = placeOf(callFrame.functionName, callFrame.url, callFrame.lineNumber);
    bytes.set(place, (bytes.get(place) ?? 0) + selfSize);
    total += selfSize;
    waiting.push(...children);
  }
  return { total, top: top(bytes, total, count) };
}

const top = (amounts, total, count) =>
  [...amounts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([place, amount]) => ({ place, share: amount / total, amount }));

function placeOf(functionName, url, lineNumber) {
  const path = url.replace(/^file:\/\/.*\/(dist|node_modules)\//, '$1/');
  const name = functionName === '' ? '(anonymous)' : functionName;
  return path === '' ? name : `${name} ${path}:${lineNumber + 1}`;
}
