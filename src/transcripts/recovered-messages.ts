import type { Message, TranscriptMessage } from '../../libs/protocol/message.js';
import type { RecoveredMessages } from './message-journal.port.js';
import { SessionJournal } from './session-journal.js';

/** The last transcripts of a session, however much the other side said after them. */
export interface LastTranscripts {
  readonly byServer: readonly TranscriptMessage[];
  readonly byBrowsers: readonly TranscriptMessage[];
}

/** What is still to be done about a session whose service died. */
export function recoverMessages(
  journal: SessionJournal,
  { byServer, byBrowsers }: LastTranscripts,
  deliveredSeq: number,
): RecoveredMessages {
  const { ended, recent } = journal;
  return {
    ended,
    lastUtterance: highest([...byServer, ...recent].map(utteranceOf)),
    lastWordsMs: highest(byServer.map(({ endMs }) => endMs)),
    undelivered: journal.since(deliveredSeq),
    // What a browser has begun, it also finishes, or is finished for it when it is silent.
    openSegments: new SessionJournal(journal.sessionId, byServer).openSegments,
    emitted: latestOfEach([...byServer, ...byBrowsers].sort((a, b) => a.seq - b.seq)),
  };
}

const latestOfEach = (transcripts: readonly TranscriptMessage[]): TranscriptMessage[] => [
  ...new Map(transcripts.map((transcript) => [transcript.segmentId, transcript])).values(),
];

/** The 7 of segment `7.1`; 0 for what is no segment of ours. */
function utteranceOf(message: Message): number {
  return message.type === 'transcript' ? Number(/^(\d+)\./.exec(message.segmentId)?.[1] ?? 0) : 0;
}

const highest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0);
