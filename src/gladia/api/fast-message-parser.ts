import type { GladiaUtterance } from './gladia-utterance.js';

/**
 * The two messages that come many times a second, as they mostly come: with nothing to leave out and nothing to put right.
 * Read by hand, for what a schema costs; `undefined` of any other, which is for the schemas to judge.
 */

interface PlainTranscript {
  readonly id: string;
  readonly is_final: boolean;
  readonly utterance: GladiaUtterance;
}

type Fields = Readonly<Record<string, unknown>>;
type Word = GladiaUtterance['words'][number];

/** The byte range of an acknowledgment. */
export function parseAcknowledgment(json: unknown): readonly [number, number] | undefined {
  if (!isFields(json) || json['acknowledged'] === false || !isFields(json['data'])) return undefined;
  const range = json['data']['byte_range'];
  if (!Array.isArray(range) || range.length !== 2) return undefined;
  const [start, end] = range as unknown[];
  return isNumber(start) && isNumber(end) ? [start, end] : undefined;
}

export function parseTranscript(json: unknown): PlainTranscript | undefined {
  if (!isFields(json) || !isFields(json['data'])) return undefined;
  const { id, is_final, utterance } = json['data'];
  if (typeof id !== 'string' || typeof is_final !== 'boolean') return undefined;
  const plain = plainUtterance(utterance);
  return plain && { id, is_final, utterance: plain };
}

function plainUtterance(utterance: unknown): GladiaUtterance | undefined {
  if (!isFields(utterance)) return undefined;
  const { text, start, end, language, confidence, channel, words } = utterance;
  if (typeof text !== 'string' || typeof language !== 'string') return undefined;
  if (!isNumber(start) || !isNumber(end) || !isShare(confidence)) return undefined;
  if (channel !== undefined && !isIndex(channel)) return undefined;
  const plain = plainWords(words);
  return plain && { text, start, end, language, confidence, channel, words: plain };
}

function plainWords(words: unknown): Word[] | undefined {
  if (!Array.isArray(words)) return undefined;
  const plain: Word[] = [];
  for (const each of words as unknown[]) {
    if (!isFields(each)) return undefined;
    const { word, start, end, confidence } = each;
    if (typeof word !== 'string' || !isNumber(start) || !isNumber(end) || !isShare(confidence)) return undefined;
    plain.push({ word, start, end, confidence });
  }
  return plain;
}

/** Or a list, which has none of the fields that are asked for. */
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** JSON can say a number that is too large to be one. */
const isNumber = (value: unknown): value is number => Number.isFinite(value);

const isShare = (value: unknown): value is number => isNumber(value) && value >= 0 && value <= 1;

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
