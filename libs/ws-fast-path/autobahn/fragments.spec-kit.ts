import { OPCODE } from '../frame-header.js';
import { frame } from '../raw-peer.spec-kit.js';
import {
  answered,
  atOnce,
  CLOSE,
  closed,
  inChops,
  inFragments,
  inWords,
  more,
  ping,
  pong,
  type AutobahnCase,
} from './case.spec-kit.js';

const NOT_FINAL = { final: false };
const HELLO = Buffer.from('Hello, world!');
const PART_BYTES = 9;
const TWO_PARTS = Buffer.from('fragment1fragment2');
const FIVE_PARTS = Buffer.from('fragment1fragment2fragment3fragment4fragment5');
const pongOf = (payload: string): string => inWords(OPCODE.pong, payload);

/** Three cases of the same frames: all in one write, each in its own, each byte in its own. */
function thrice(
  first: number,
  frames: readonly Buffer[],
  make: (id: string, steps: readonly Buffer[]) => AutobahnCase,
): AutobahnCase[] {
  return [atOnce(...frames), frames, inChops(1, ...frames)].map((steps, n) => make(`5.${first + n}`, steps));
}

const refused = (id: string, steps: readonly Buffer[], ...before: readonly string[]): AutobahnCase =>
  closed(id, CLOSE.protocolError, steps, ...before);

/** Control frames in fragments, and messages with control frames between theirs. */
function proper(opcode: number): AutobahnCase[] {
  const two = inFragments(opcode, TWO_PARTS, PART_BYTES);
  const [begin, end] = [two[0]!, two[1]!];
  const echoed = inWords(opcode, TWO_PARTS);
  return [
    refused('5.1', atOnce(ping('part', NOT_FINAL), more('part'))),
    refused('5.2', atOnce(pong('part', NOT_FINAL), more('part'))),
    ...thrice(3, two, (id, steps) => answered(id, steps, echoed)),
    ...thrice(6, [begin, ping('amid'), end], (id, steps) => answered(id, steps, pongOf('amid'), echoed)),
  ];
}

/** Fragments that continue nothing, and a message within another. */
function outOfOrder(opcode: number): AutobahnCase[] {
  const hello = frame(opcode, HELLO);
  const two = inFragments(opcode, TWO_PARTS, PART_BYTES);
  return [
    ...thrice(9, [more(HELLO), hello], refused),
    ...thrice(12, [more(HELLO, NOT_FINAL), hello], refused),
    refused('5.15', atOnce(...two, more(HELLO, NOT_FINAL), hello), inWords(opcode, TWO_PARTS)),
    refused('5.16', atOnce(more(HELLO, NOT_FINAL), ...two, more(HELLO, NOT_FINAL), ...two)),
    refused('5.17', atOnce(more(HELLO), ...two, more(HELLO), ...two)),
    refused('5.18', atOnce(two[0]!, hello)),
  ];
}

/** A ping is answered before the message is all there. */
function amidst(opcode: number): AutobahnCase[] {
  const [first, second, third, fourth, fifth] = inFragments(opcode, FIVE_PARTS, PART_BYTES);
  const begin = [first!, second!, ping('1st')];
  const end = [third!, fourth!, ping('2nd'), fifth!];
  const answers = [pongOf('1st'), pongOf('2nd'), inWords(opcode, FIVE_PARTS)];
  return [
    answered('5.19', [...atOnce(...begin), 1, ...atOnce(...end)], ...answers),
    answered('5.20', [...begin, 1, ...end], ...answers),
  ];
}

/** 5: messages of one kind in fragments. */
export const fragments = (opcode: number): AutobahnCase[] => [
  ...proper(opcode),
  ...outOfOrder(opcode),
  ...amidst(opcode),
];
