import type { Message } from '../../libs/protocol/message.js';
import { compare } from './alignment.js';
import { gapsIn, partByGaps, type Gap } from './gaps.js';
import { isTranscript, plainWords, transcribedWords, type ExpectedWord, type Speech, type TimedWord } from './words.js';

/** What became of the words that were spoken in a room. */
export interface Account {
  /** How many were spoken. */
  readonly words: number;
  /** Missing outside of any reported gap. */
  readonly missingMs: number;
  readonly missing: readonly string[];
  /** Missing within a reported gap. */
  readonly reportedMissingMs: number;
  readonly gaps: readonly string[];
  /** Under nobody's name, or another's. */
  readonly misnamedWords: number;
  /** Transcribed twice, or never spoken. */
  readonly duplicateWords: number;
  readonly duplicates: readonly string[];
  /** Message numbers that came twice. */
  readonly duplicateSeqs: number;
  readonly missingSeqs: number;
  /** Segments of which two finals came. */
  readonly duplicateFinals: number;
}

export interface AccountOptions {
  /** From the speaker to the service. */
  readonly latencyMs: number;
  /** Whether the audio source knows who speaks. Default true. */
  readonly namesSpeakers?: boolean;
}

interface Received {
  readonly atMs: number;
  readonly message: Message;
}

/** Compares what a room received with what was spoken in it, word for word and person for person. */
export function account(said: readonly Speech[], received: readonly Received[], options: AccountOptions): Account {
  const messages = received.map(({ message }) => message).filter(({ type }) => type !== 'snapshot');
  const expected = expectedWords(said);
  const { missing, extra, misnamed } = compare(expected, transcribedWords(messages));
  const sure = missing.filter(({ isUnsure }) => isUnsure !== true);
  const { named, lost } = partByGaps(sure, messages, options.latencyMs);
  return {
    words: expected.length,
    missingMs: lengthMs(lost),
    missing: lost.map(described),
    reportedMissingMs: lengthMs(named),
    gaps: gapsIn(messages).map(span),
    misnamedWords: options.namesSpeakers === false ? 0 : misnamed,
    duplicateWords: extra.length,
    duplicates: extra.map(described),
    ...numbering(messages),
  };
}

/** How long after `sinceMs` the first words came that were spoken after it; undefined when none did. */
export function recoveryMs(received: readonly Received[], sinceMs: number): number | undefined {
  const first = received.find(
    ({ message }) => isTranscript(message) && message.text !== '' && Date.parse(message.startedAt) >= sinceMs,
  );
  return first && first.atMs - sinceMs;
}

function numbering(messages: readonly Message[]): Pick<Account, 'duplicateSeqs' | 'missingSeqs' | 'duplicateFinals'> {
  const seqs = messages.map(({ seq }) => seq);
  const distinct = new Set(seqs).size;
  const last = seqs.reduce((most, seq) => Math.max(most, seq), 0);
  const finals = messages.filter(isTranscript).filter(({ final }) => final);
  return {
    duplicateSeqs: seqs.length - distinct,
    missingSeqs: last - distinct,
    duplicateFinals: finals.length - new Set(finals.map(({ segmentId }) => segmentId)).size,
  };
}

function expectedWords(said: readonly Speech[]): ExpectedWord[] {
  return said.flatMap(({ identity, words }) =>
    words.flatMap((word) => plainWords(word.text).map((text) => ({ ...word, text, identity }))),
  );
}

const lengthMs = (words: readonly TimedWord[]): number =>
  words.reduce((ms, { startMs, endMs }) => ms + endMs - startMs, 0);

const described = (word: TimedWord & { readonly identity: string | undefined }): string =>
  `${word.identity ?? 'nobody'}: ${word.text}, ${clock(word.startMs)}`;

const span = ({ startMs, endMs, ofOne }: Gap): string =>
  `${clock(startMs)} to ${clock(endMs)}${ofOne ? ' of one' : ''}`;

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 23);
