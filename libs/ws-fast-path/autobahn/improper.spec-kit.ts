import { OPCODE } from '../frame-header.js';
import { frame } from '../raw-peer.spec-kit.js';
import { CLOSE, atOnce, closed, inChops, inWords, ping, type AutobahnCase } from './case.spec-kit.js';

const HELLO = Buffer.from('Hello, world!');
const NOTHING = Buffer.alloc(0);

const reserved = (bits: number): { reserved: number } => ({ reserved: bits << 4 });
/** A message, what is wrong, and a ping that comes too late. */
const amid = (opcode: number, wrong: Buffer): Buffer[] => [frame(opcode, HELLO), wrong, ping()];

/** 3: reserved bits. */
function reservedBits(opcode: number): AutobahnCase[] {
  const hello = (bits: number): Buffer => frame(opcode, HELLO, reserved(bits));
  const echoed = inWords(opcode, HELLO);
  return [
    closed('3.1', CLOSE.protocolError, [hello(1)]),
    closed('3.2', CLOSE.protocolError, atOnce(...amid(opcode, hello(2))), echoed),
    closed('3.3', CLOSE.protocolError, amid(opcode, hello(3)), echoed),
    closed('3.4', CLOSE.protocolError, inChops(1, ...amid(opcode, hello(4))), echoed),
    closed('3.5', CLOSE.protocolError, [frame(OPCODE.binary, HELLO, reserved(5))]),
    closed('3.6', CLOSE.protocolError, [ping(HELLO, reserved(6))]),
    closed('3.7', CLOSE.protocolError, [frame(OPCODE.close, NOTHING, reserved(7))]),
  ];
}

/** 4: opcodes that mean nothing, of messages and of control. */
function opcodes(opcode: number): AutobahnCase[] {
  const echoed = inWords(opcode, HELLO);
  return [
    { group: '4.1', first: 3 },
    { group: '4.2', first: 11 },
  ].flatMap(({ group, first }) => [
    closed(`${group}.1`, CLOSE.protocolError, [frame(first, NOTHING)]),
    closed(`${group}.2`, CLOSE.protocolError, [frame(first + 1, HELLO)]),
    closed(`${group}.3`, CLOSE.protocolError, atOnce(...amid(opcode, frame(first + 2, NOTHING))), echoed),
    closed(`${group}.4`, CLOSE.protocolError, atOnce(...amid(opcode, frame(first + 3, HELLO))), echoed),
    closed(`${group}.5`, CLOSE.protocolError, atOnce(...amid(opcode, frame(first + 4, HELLO))), echoed),
  ]);
}

/** Frames that may not be, with messages of one kind around them. */
export const improper = (opcode: number): AutobahnCase[] => [...reservedBits(opcode), ...opcodes(opcode)];
