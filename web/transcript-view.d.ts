import type { Message, StatusMessage, TranscriptMessage } from '../libs/protocol/message.js';

export interface TranscriptView {
  readonly segments: ReadonlyMap<string, Omit<TranscriptMessage, 'words'>>;
  /** Text by language, by segment. */
  readonly translations: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By `seq`: spans that could not be transcribed. */
  readonly gaps: ReadonlyMap<number, StatusMessage>;
  readonly status: { readonly kind: StatusMessage['status']; readonly sentence: string } | undefined;
}

export interface Line {
  readonly id: string;
  readonly state: 'partial' | 'final' | 'gap';
  readonly speaker: string;
  /** A colour, 0 to 5; undefined when the speaker is not known. */
  readonly tone?: number | undefined;
  /** Wall time, ISO 8601; a gap has none. */
  readonly startedAt?: string;
  readonly text: string;
  readonly language?: string;
  readonly translations: readonly { readonly language: string; readonly text: string }[];
}

export function emptyView(): TranscriptView;
export function applyMessage(view: TranscriptView, message: Message): TranscriptView;
export function linesOf(view: TranscriptView): Line[];
