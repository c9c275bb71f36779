import type { Message, TranscriptMessage } from '../../libs/protocol/message.js';
import type { RecoveredMessages } from './message-journal.port.js';
import { SessionJournal } from './session-journal.js';

/** The last transcripts of a session from each source, however many messages of the other followed. */
export interface LastTranscripts {
  readonly byServer: readonly TranscriptMessage[];
  readonly byBrowsers: readonly TranscriptMessage[];
}

/** What is needed to continue a session after a crash. */
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
    // Open segments of browsers are left out: the browser finishes them, or they are finished when it stays silent.
    openSegments: new SessionJournal(journal.sessionId, byServer).openSegments,
    emitted: latestOfEach([...byServer, ...byBrowsers].sort((a, b) => a.seq - b.seq)),
  };
}

const latestOfEach = (transcripts: readonly TranscriptMessage[]): TranscriptMessage[] => [
  ...new Map(transcripts.map((transcript) => [transcript.segmentId, transcript])).values(),
];

/** The 7 of segment `7.1`; 0 for a segment that is not from the server. */
function utteranceOf(message: Message): number {
  return message.type === 'transcript' ? Number(/^(\d+)\./.exec(message.segmentId)?.[1] ?? 0) : 0;
}

const highest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0);
