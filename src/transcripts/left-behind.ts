import type { Message } from '../../libs/protocol/message.js';
import type { LeftBehind } from '../records/message-journal.js';
import type { SessionJournal } from './session-journal.js';

/**
 * What is still to be done about a session whose service died.
 * @param byServer the last that the server put into words, however many messages of browsers came after it
 */
export function whatWasLeft(journal: SessionJournal, byServer: SessionJournal, deliveredSeq: number): LeftBehind {
  const { ended, recent } = journal;
  return {
    ended,
    lastUtterance: highest([...byServer.recent, ...recent].map(utteranceOf)),
    lastWordsMs: highest(recent.map((message) => (message.type === 'transcript' ? message.endMs : 0))),
    undelivered: journal.since(deliveredSeq),
    // What a browser has begun, it also finishes.
    openSegments: byServer.openSegments,
  };
}

/** The 7 of segment `7.1`; 0 for what is no segment of ours. */
function utteranceOf(message: Message): number {
  return message.type === 'transcript' ? Number(/^(\d+)\./.exec(message.segmentId)?.[1] ?? 0) : 0;
}

const highest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0);
