import type { Message, TranscriptMessage } from '../../libs/protocol/message.js';

export type MessageKind = 'partial' | 'final' | 'retracted' | 'translation' | 'status' | 'snapshot';

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

function kindOf(message: Message): MessageKind {
  if (message.type !== 'transcript') return message.type;
  if (!message.final) return 'partial';
  return message.text === '' ? 'retracted' : 'final';
}
