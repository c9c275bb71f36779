import { OPCODE } from '../frame-header.js';
import { TEXT } from '../raw-peer.spec-kit.js';
import {
  answered,
  CLOSE,
  closed,
  inFragments,
  inWords,
  more,
  text,
  type AutobahnCase,
  type Payload,
} from './case.spec-kit.js';

const NOT_FINAL = { final: false };

const echo = (payload: Payload): string => inWords(OPCODE.text, payload);
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const characters = (...codePoints: readonly number[]): Buffer[] =>
  codePoints.map((each) => Buffer.from(String.fromCodePoint(each)));

const numbered = (group: number, from: number, make: (id: string, payload: Buffer) => AutobahnCase) => {
  return (payload: Buffer, n: number): AutobahnCase => make(`6.${group}.${from + n}`, payload);
};
/** Texts that come back. */
const echoed = (group: number, payloads: readonly Buffer[]): AutobahnCase[] =>
  payloads.map(numbered(group, 1, (id, payload) => answered(id, [text(payload)], echo(payload))));
/** Texts that are none. */
const refused = (group: number, payloads: readonly Buffer[], from = 1): AutobahnCase[] =>
  payloads.map(numbered(group, from, (id, payload) => closed(id, CLOSE.invalidPayload, [text(payload)])));

/** `κόσμε`, with the accent that takes three bytes. */
const GREEK = Buffer.from('κ\u1f79σμε');
const LATIN = Buffer.from('Hello-µ@ßöäüàá-UTF-8!!');
/** Letters, a surrogate, letters. */
const WITH_SURROGATE = Buffer.concat([GREEK, bytes('eda080'), Buffer.from('edited')]);

/** 6.1 and 6.2: texts of no bytes, and such as are cut within a character. */
const valid = [
  answered('6.1.1', [text('')], echo('')),
  answered('6.1.2', [text('', NOT_FINAL), more('', NOT_FINAL), more('')], echo('')),
  answered('6.1.3', [text('', NOT_FINAL), more('middle', NOT_FINAL), more('')], echo('middle')),
  answered('6.2.1', [text(LATIN)], echo(LATIN)),
  answered('6.2.2', [text(LATIN.subarray(0, 15), NOT_FINAL), more(LATIN.subarray(15))], echo(LATIN)),
  answered('6.2.3', inFragments(TEXT, LATIN, 1), echo(LATIN)),
  answered('6.2.4', inFragments(TEXT, GREEK, 1), echo(GREEK)),
];

/** Past the last code point by its first two bytes. */
const TOO_FAR = bytes('f4908080');
const REST = Buffer.from('edited');
const [IN_THREE, CUT_IN_TOO_FAR] = [
  [GREEK, TOO_FAR, REST],
  [Buffer.concat([GREEK, TOO_FAR.subarray(0, 1)]), TOO_FAR.subarray(1, 2), Buffer.concat([TOO_FAR.subarray(2), REST])],
] as const;
const threeFrames = ([first, second, third]: readonly [Buffer, Buffer, Buffer]): Buffer[] => [
  text(first, NOT_FINAL),
  more(second, NOT_FINAL),
  more(third),
];
/** One frame, cut where the parts of its payload meet. */
function threeChops(parts: readonly [Buffer, Buffer, Buffer]): Buffer[] {
  const whole = text(Buffer.concat(parts));
  const third = whole.length - parts[2].length;
  const second = third - parts[1].length;
  return [whole.subarray(0, second), whole.subarray(second, third), whole.subarray(third)];
}

/** 6.3 and 6.4: the suite would like to be refused before the end, and is content with being refused at it. */
const invalid = [
  closed('6.3.1', CLOSE.invalidPayload, [text(WITH_SURROGATE)]),
  closed('6.3.2', CLOSE.invalidPayload, inFragments(TEXT, WITH_SURROGATE, 1)),
  closed('6.4.1', CLOSE.invalidPayload, threeFrames(IN_THREE)),
  closed('6.4.2', CLOSE.invalidPayload, threeFrames(CUT_IN_TOO_FAR)),
  closed('6.4.3', CLOSE.invalidPayload, threeChops(IN_THREE)),
  closed('6.4.4', CLOSE.invalidPayload, threeChops(CUT_IN_TOO_FAR)),
];

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);
/** The word up to each of its bytes; whole characters end at some. */
const PREFIXES = range(1, GREEK.length).map((length) => GREEK.subarray(0, length));
const AT_AN_END = new Set([2, 5, 7, 9, 11]);
const prefixes = PREFIXES.map((prefix) =>
  AT_AN_END.has(prefix.length)
    ? answered(`6.6.${prefix.length}`, [text(prefix)], echo(prefix))
    : closed(`6.6.${prefix.length}`, CLOSE.invalidPayload, [text(prefix)]),
);

const CONTINUATIONS = range(1, 6).map((length) => bytes('80bf80bf80bf').subarray(0, length));
const LONELY = [
  [0xc0, 0xdf],
  [0xe0, 0xef],
  [0xf0, 0xf7],
  [0xf8, 0xfb],
  [0xfc, 0xfd],
].map(([from, to]) => Buffer.from(range(from!, to!).flatMap((each) => [each, 0x20])));
const UNFINISHED = ['c0', 'e080', 'f08080', 'f8808080', 'fc80808080', 'df', 'efbf', 'f7bfbf', 'fbbfbfbf', 'fdbfbfbfbf'];
const OVERLONG_SLASH = ['c0af', 'e080af', 'f08080af', 'f8808080af', 'fc80808080af'];
const OVERLONG_MOST = ['c1bf', 'e09fbf', 'f08fbfbf', 'f887bfbfbf', 'fc83bfbfbfbf'];
const OVERLONG_NUL = ['c080', 'e08080', 'f0808080', 'f880808080', 'fc8080808080'];
const SURROGATES = ['eda080', 'edadbf', 'edae80', 'edafbf', 'edb080', 'edbe80', 'edbfbf'];
const PAIRS = SURROGATES.slice(0, 4).flatMap((high) => ['edb080', 'edbfbf'].map((low) => high + low));
const NO_CHARACTERS = range(0, 16).flatMap((plane) => [plane * 0x10000 + 0xfffe, plane * 0x10000 + 0xffff]);

/** 6.5 to 6.23: the sequences of Markus Kuhn's stress test for decoders of UTF-8. */
const sequences = [
  ...echoed(5, [...['$', '¢', '€', '𤭢'].map((each) => Buffer.from(`hello${each}world`)), GREEK]),
  ...prefixes,
  ...echoed(7, characters(0, 0x80, 0x800, 0x10000)),
  ...refused(8, ['f888808080', 'fc8480808080'].map(bytes)),
  ...echoed(9, characters(0x7f, 0x7ff, 0xffff, 0x10ffff)),
  ...refused(10, ['f7bfbfbf', 'fbbfbfbfbf', 'fdbfbfbfbfbf'].map(bytes)),
  ...echoed(11, characters(0xd7ff, 0xe000, 0xfffd, 0x10ffff)),
  ...refused(11, [TOO_FAR], 5),
  ...refused(12, [...['80', 'bf'].map(bytes), ...CONTINUATIONS.slice(1), Buffer.from(range(0x80, 0xbf))]),
  ...refused(13, LONELY),
  ...refused(14, UNFINISHED.map(bytes)),
  ...refused(15, [bytes(UNFINISHED.join(''))]),
  ...refused(16, ['fe', 'ff', 'fefeffff'].map(bytes)),
  ...refused(17, OVERLONG_SLASH.map(bytes)),
  ...refused(18, OVERLONG_MOST.map(bytes)),
  ...refused(19, OVERLONG_NUL.map(bytes)),
  ...refused(20, SURROGATES.map(bytes)),
  ...refused(21, PAIRS.map(bytes)),
  ...echoed(22, characters(...NO_CHARACTERS)),
  ...echoed(23, characters(...range(0xfff9, 0xffff))),
];

export const UTF8: readonly AutobahnCase[] = [...valid, ...invalid, ...sequences];
