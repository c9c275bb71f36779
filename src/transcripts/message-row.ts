import type { Message, TranscriptMessage } from '../../libs/protocol/message.js';
import type { NumberedType } from './message-journal.port.js';

export type MessageKind = 'partial' | 'final' | 'retracted' | 'translation' | 'status' | 'retraction' | 'snapshot';

export const MESSAGE_TYPES = ['transcript', 'translation', 'status', 'retraction'] as const satisfies NumberedType[];

/** What is kept of each type: no interims. */
const KEPT_KINDS: Readonly<Record<NumberedType, readonly MessageKind[]>> = {
  transcript: ['final', 'retracted'],
  translation: ['translation'],
  status: ['status'],
  retraction: ['retraction'],
};

export const kindsOf = (types: readonly NumberedType[]): MessageKind[] => types.flatMap((type) => KEPT_KINDS[type]);

/** A message as the database stores it. */
export interface MessageRow {
  readonly session_id: string;
  readonly seq: number;
  readonly kind: MessageKind;
  readonly delivered_seq: number;
  readonly body: string;
}

export const rowOf = (message: Message, deliveredSeq: number): MessageRow => ({
  session_id: message.sessionId,
  seq: message.seq,
  kind: kindOf(message),
  delivered_seq: deliveredSeq,
  body: JSON.stringify(message),
});

export const messageOf = ({ body }: Pick<MessageRow, 'body'>): Message => JSON.parse(body) as Message;

/** A final with text. */
export const isFinal = (message: Message): message is TranscriptMessage => kindOf(message) === 'final';

export const isTranscript = (message: Message): message is TranscriptMessage => message.type === 'transcript';

export function kindOf(message: Message): MessageKind {
  if (message.type !== 'transcript') return message.type;
  if (!message.final) return 'partial';
  return message.text === '' ? 'retracted' : 'final';
}
