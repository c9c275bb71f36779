import type { Message } from '../../protocol/message.js';
import { compare, type ExpectedWord } from './comparison.js';
import { gapsIn, partByGaps, type Gap } from './gaps.js';
import { heardWords, isTranscript } from './heard-words.js';
import { numbering, type Numbering } from './numbering.js';
import { plainWords, type PlacedWord, type Speech } from './placed-word.js';

export interface Account extends Numbering {
  /** How many were said. */
  readonly words: number;
  /** Missing, and nobody was told. */
  readonly lostMs: number;
  readonly lost: readonly string[];
  /** Missing, in a gap that was told. */
  readonly namedMs: number;
  readonly gaps: readonly string[];
  /** Under nobody's name, or another's. */
  readonly misnamedWords: number;
  /** Told again, or never said. */
  readonly doubledWords: number;
  readonly doubled: readonly string[];
}

export interface AccountOptions {
  /** From the speaker to the service. */
  readonly latencyMs: number;
  /** Whether the source of the sound tells who speaks. Default true. */
  readonly namesSpeakers?: boolean;
}

interface Received {
  readonly atMs: number;
  readonly message: Message;
}

/** Holds what a room received against what was said in it, word for word and person for person. */
export function account(said: readonly Speech[], received: readonly Received[], options: AccountOptions): Account {
  const messages = received.map(({ message }) => message).filter(({ type }) => type !== 'snapshot');
  const expected = expectedWords(said);
  const { missing, extra, misnamed } = compare(expected, heardWords(messages));
  const sure = missing.filter(({ isUnsure }) => isUnsure !== true);
  const { named, lost } = partByGaps(sure, messages, options.latencyMs);
  return {
    words: expected.length,
    lostMs: lengthMs(lost),
    lost: lost.map(described),
    namedMs: lengthMs(named),
    gaps: gapsIn(messages).map(span),
    misnamedWords: options.namesSpeakers === false ? 0 : misnamed,
    doubledWords: extra.length,
    doubled: extra.map(described),
    ...numbering(messages),
  };
}

/** How long after `sinceMs` the first words came that were heard after it; undefined when none did. */
export function recoveryMs(received: readonly Received[], sinceMs: number): number | undefined {
  const first = received.find(
    ({ message }) => isTranscript(message) && message.text !== '' && Date.parse(message.startedAt) >= sinceMs,
  );
  return first && first.atMs - sinceMs;
}

function expectedWords(said: readonly Speech[]): ExpectedWord[] {
  return said.flatMap(({ identity, words }) =>
    words.flatMap((word) => plainWords(word.text).map((text) => ({ ...word, text, identity }))),
  );
}

const lengthMs = (words: readonly PlacedWord[]): number =>
  words.reduce((ms, { startMs, endMs }) => ms + endMs - startMs, 0);

const described = (word: PlacedWord & { readonly identity: string | undefined }): string =>
  `${word.identity ?? 'nobody'}: ${word.text}, ${clock(word.startMs)}`;

const span = ({ startMs, endMs, ofOne }: Gap): string =>
  `${clock(startMs)} to ${clock(endMs)}${ofOne ? ' of one' : ''}`;

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 23);
