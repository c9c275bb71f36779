import { OPCODE } from '../frame-header.js';
import { frame } from '../raw-peer.spec-kit.js';
import {
  answered,
  atOnce,
  CLOSE,
  closed,
  inChops,
  inWords,
  ping,
  pong,
  type AutobahnCase,
  type Payload,
} from './case.spec-kit.js';

const HELLO = 'Hello, world!';
const SIZES = [0, 125, 126, 127, 128, 65_535, 65_536];

const pongOf = (payload: Payload): string => inWords(OPCODE.pong, payload);

/** 1: messages of every form of length. */
const messages = [
  { group: '1.1', opcode: OPCODE.text, fill: 'BAsd7&jh23' },
  { group: '1.2', opcode: OPCODE.binary, fill: Buffer.from([0x00, 0xfe, 0x23, 0xfa, 0xf0]) },
].flatMap(({ group, opcode, fill }) => {
  const large = Buffer.alloc(65_536, fill);
  const whole = SIZES.map((size) => large.subarray(0, size));
  return [
    ...whole.map((payload, n) => answered(`${group}.${n + 1}`, [frame(opcode, payload)], inWords(opcode, payload))),
    answered(`${group}.8`, inChops(997, frame(opcode, large)), inWords(opcode, large)),
  ];
});

const NO_TEXT = Buffer.from([0x00, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0x00, 0xff]);
const LARGEST = Buffer.alloc(125, 0xfe);
const TEN = Array.from({ length: 10 }, (_, n) => `payload-${n}`);
const TEN_PINGS = TEN.map((payload) => ping(payload));
const TEN_PONGS = TEN.map(pongOf);

/** 2: pings and pongs. */
const pings = [
  answered('2.1', [ping()], pongOf('')),
  answered('2.2', [ping(HELLO)], pongOf(HELLO)),
  answered('2.3', [ping(NO_TEXT)], pongOf(NO_TEXT)),
  answered('2.4', [ping(LARGEST)], pongOf(LARGEST)),
  closed('2.5', CLOSE.protocolError, [ping(Buffer.alloc(126, 0xfe))]),
  answered('2.6', inChops(1, ping(LARGEST)), pongOf(LARGEST)),
  answered('2.7', [pong()]),
  answered('2.8', [pong('unasked')]),
  answered('2.9', [pong('unasked'), ping('asked')], pongOf('asked')),
  answered('2.10', atOnce(...TEN_PINGS), ...TEN_PONGS),
  answered('2.11', inChops(1, ...TEN_PINGS), ...TEN_PONGS),
];

export const FRAMING: readonly AutobahnCase[] = [...messages, ...pings];
