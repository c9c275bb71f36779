import type { Message } from '../../libs/protocol/message.js';
import type { LeftBehind } from '../records/message-journal.js';
import type { SessionJournal } from './session-journal.js';

/** What is still to be done about a session whose service died. */
export function whatWasLeft(journal: SessionJournal, deliveredSeq: number): LeftBehind {
  const { ended, openSegments } = journal;
  return {
    ended,
    lastUtterance: highest(journal.recent.map(utteranceOf)),
    lastWordsMs: highest(journal.recent.map((message) => (message.type === 'transcript' ? message.endMs : 0))),
    undelivered: journal.since(deliveredSeq),
    // What a browser has begun, it also finishes.
    openSegments: openSegments.filter(({ source }) => source === 'server'),
  };
}

/** The 7 of segment `7.1`; 0 for what is no segment of ours. */
function utteranceOf(message: Message): number {
  return message.type === 'transcript' ? Number(/^(\d+)\./.exec(message.segmentId)?.[1] ?? 0) : 0;
}

const highest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0);
