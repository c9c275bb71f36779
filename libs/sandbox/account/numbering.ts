import type { Message } from '../../protocol/message.js';
import { isTranscript } from './heard-words.js';

export interface Numbering {
  readonly doubledSeqs: number;
  readonly missingSeqs: number;
  readonly doubledFinals: number;
}

/** Numbers that are missing or came twice, and segments of which two finals came. */
export function numbering(messages: readonly Message[]): Numbering {
  const seqs = messages.map(({ seq }) => seq);
  const distinct = new Set(seqs).size;
  const last = seqs.reduce((most, seq) => Math.max(most, seq), 0);
  const finals = messages.filter(isTranscript).filter(({ final }) => final);
  return {
    doubledSeqs: seqs.length - distinct,
    missingSeqs: last - distinct,
    doubledFinals: finals.length - new Set(finals.map(({ segmentId }) => segmentId)).size,
  };
}
