import { OPCODE } from '../frame-header.js';
import { frame } from '../raw-peer.spec-kit.js';
import { CLOSE, atOnce, close, closed, inWords, more, ping, type AutobahnCase } from './case.spec-kit.js';

const MAY_BE_SENT = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
const MAY_NOT_BE_SENT = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999];

const HELLO = Buffer.from('Hello, world!');
const LARGE = Buffer.alloc(256 * 1024, 'BAsd7&jh23');
const normalClose = close(CLOSE.normal);
const bare = (payload: Buffer): Buffer => frame(OPCODE.close, payload);
/** A surrogate is no character. */
const noText = Buffer.from('bye, \xed\xa0\x80', 'latin1');

/** 7.1: what messages of one kind become before a close, and behind it. */
export function aroundClose(opcode: number): AutobahnCase[] {
  const hello = frame(opcode, HELLO);
  const echoed = inWords(opcode, HELLO);
  const echoedBoth = [inWords(opcode, LARGE), echoed];
  return [
    closed('7.1.1', CLOSE.normal, atOnce(hello, normalClose), echoed),
    closed('7.1.2', CLOSE.normal, atOnce(normalClose, normalClose)),
    closed('7.1.3', CLOSE.normal, atOnce(normalClose, ping())),
    closed('7.1.4', CLOSE.normal, atOnce(normalClose, hello)),
    closed('7.1.5', CLOSE.normal, atOnce(frame(opcode, HELLO, { final: false }), normalClose, more(HELLO))),
    closed('7.1.6', CLOSE.normal, atOnce(frame(opcode, LARGE), hello, normalClose, ping()), ...echoedBoth),
  ];
}

/** 7.3 and 7.5: what a close may hold. */
const payloads: AutobahnCase[] = [
  { id: '7.3.1', steps: [bare(Buffer.alloc(0))], answers: ['close'] },
  closed('7.3.2', CLOSE.protocolError, [bare(Buffer.from('a'))]),
  closed('7.3.3', CLOSE.normal, [normalClose]),
  closed('7.3.4', CLOSE.normal, [close(CLOSE.normal, HELLO)]),
  closed('7.3.5', CLOSE.normal, [close(CLOSE.normal, '*'.repeat(123))]),
  closed('7.3.6', CLOSE.protocolError, [close(CLOSE.normal, '*'.repeat(124))]),
  closed('7.5.1', CLOSE.invalidPayload, [close(CLOSE.normal, noText)]),
];

/** 7.7, 7.9 and 7.13: codes that may be sent, codes that may not, and codes of which the suite only takes note. */
const codes = [
  ...MAY_BE_SENT.map((code, n) => closed(`7.7.${n + 1}`, code, [close(code)])),
  ...MAY_NOT_BE_SENT.map((code, n) => closed(`7.9.${n + 1}`, CLOSE.protocolError, [close(code)])),
  ...[5000, 65_535].map((code, n) => closed(`7.13.${n + 1}`, CLOSE.protocolError, [close(code)])),
];

export const CLOSING: readonly AutobahnCase[] = [...payloads, ...codes];
