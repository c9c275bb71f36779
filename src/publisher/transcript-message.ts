import { fits } from '../../libs/protocol/codec.js';
import type { TranscriptMessage } from '../../libs/protocol/message.js';
import type { TranscriptSegment } from '../events/domain-events.js';

type Unnumbered = Omit<TranscriptMessage, 'seq'>;

/** The messages for a segment: one, or more where its text alone is too long for a data packet. */
export function transcriptMessages(sessionId: string, segment: TranscriptSegment, liveAtUnixMs: number): Unnumbered[] {
  const { candidates, words, ...rest } = segment;
  const message: Unnumbered = {
    v: 1,
    type: 'transcript',
    sessionId,
    ...rest,
    ...(candidates.length > 0 && { candidates: [...candidates] }),
    startedAt: new Date(liveAtUnixMs + segment.startMs).toISOString(),
    words: [...words],
  };
  return split(message, liveAtUnixMs);
}

function split(message: Unnumbered, liveAtUnixMs: number): Unnumbered[] {
  const { words: _, ...bare } = message;
  if (fits({ ...bare, seq: Number.MAX_SAFE_INTEGER })) return [message];
  const middle = message.text.indexOf(' ', message.text.length / 2);
  const cut = middle === -1 ? Math.floor(message.text.length / 2) : middle;
  const cutMs = message.startMs + ((message.endMs - message.startMs) * cut) / message.text.length;
  const halves: Unnumbered[] = [
    { ...bare, segmentId: `${message.segmentId}a`, text: message.text.slice(0, cut), endMs: cutMs },
    {
      ...bare,
      segmentId: `${message.segmentId}b`,
      text: message.text.slice(cut).trimStart(),
      startMs: cutMs,
      startedAt: new Date(liveAtUnixMs + cutMs).toISOString(),
    },
  ];
  return halves.flatMap((half) => split(half, liveAtUnixMs));
}
