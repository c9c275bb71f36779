import { OPCODE } from '../frame-header.js';
import { frame } from '../raw-peer.spec-kit.js';
import { answered, atOnce, inChops, inFragments, inWords, type AutobahnCase, type Step } from './case.spec-kit.js';

// The suite has up to sixteen times as much of all.
const KB = 1024;
const LARGE = Buffer.alloc(1024 * KB, 'BAsd7&jh23');
const SIZES = [64 * KB, 256 * KB, 1024 * KB];
const FRAGMENTED = LARGE.subarray(0, 256 * KB);
const FRAGMENTS = [64, 256, KB, 4 * KB, 16 * KB, 64 * KB];
const CHOPPED = LARGE.subarray(0, 128 * KB);
const CHOPS = [64, 128, 256, 512, KB, 2 * KB];
const TIMES = 100;
const REPEATED = [0, 16, 64, 256, KB, 4 * KB];

const groups = [
  { opcode: OPCODE.text, whole: '9.1', fragments: '9.3', chops: '9.5', again: '9.7' },
  { opcode: OPCODE.binary, whole: '9.2', fragments: '9.4', chops: '9.6', again: '9.8' },
];

/** One and the same message, each time it has come back. */
function again(opcode: number, payload: Buffer): Step[] {
  return Array.from({ length: TIMES }, (_, n) => [frame(opcode, payload), n + 1]).flat();
}

const masses = groups.flatMap(({ opcode, ...ids }): AutobahnCase[] => [
  ...SIZES.map((size) => LARGE.subarray(0, size)).map((payload, n) =>
    answered(`${ids.whole}.${n + 1}`, [frame(opcode, payload)], inWords(opcode, payload)),
  ),
  ...FRAGMENTS.map((bytes, n) =>
    answered(
      `${ids.fragments}.${n + 1}`,
      atOnce(...inFragments(opcode, FRAGMENTED, bytes)),
      inWords(opcode, FRAGMENTED),
    ),
  ),
  ...CHOPS.map((bytes, n) =>
    answered(`${ids.chops}.${n + 1}`, inChops(bytes, frame(opcode, CHOPPED)), inWords(opcode, CHOPPED)),
  ),
  ...REPEATED.map((size) => LARGE.subarray(0, size)).map((payload, n) =>
    answered(
      `${ids.again}.${n + 1}`,
      again(opcode, payload),
      ...Array.from({ length: TIMES }, () => inWords(opcode, payload)),
    ),
  ),
]);

const fragmented = LARGE.subarray(0, 64 * KB);

/** 9, with smaller masses than the suite's, and 10: fragments of a size that divides nothing. */
export const LIMITS: readonly AutobahnCase[] = [
  ...masses,
  answered('10.1.1', atOnce(...inFragments(OPCODE.text, fragmented, 1300)), inWords(OPCODE.text, fragmented)),
];
