import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createTransformer } from '@swc/jest';

// In jest's contexts each look at a global is slow, and calculations with sound look at these for every sample: a module
// takes them once, when it is loaded.
const GLOBALS = ['Math', 'Infinity', 'Number', 'Int16Array', 'Float32Array', 'Float64Array'];

const swc = createTransformer();
const ownVersion = createHash('sha1')
  .update(readFileSync(new URL(import.meta.url)))
  .digest('hex');

const withFastGlobals = (code) => {
  const used = GLOBALS.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  return used.length === 0 ? code : `const { ${used.join(', ')} } = globalThis; ${code}`;
};

export default {
  ...swc,
  getCacheKey: (...args) => `${swc.getCacheKey(...args)}${ownVersion}`,
  process(...args) {
    const result = swc.process(...args);
    return { ...result, code: withFastGlobals(result.code) };
  },
  async processAsync(...args) {
    const result = await swc.processAsync(...args);
    return { ...result, code: withFastGlobals(result.code) };
  },
};
