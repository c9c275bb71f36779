import { cleanText, shortened } from '../../libs/protocol/text.js';
import { fits } from '../../libs/protocol/codec.js';
import type { Speaker, TranscriptMessage } from '../../libs/protocol/message.js';
import type { TranscriptSegment } from '../events/domain-events.js';
import type { AudioLatency } from './audio-latency.js';
import { cutOf } from './split-text.js';

type Unnumbered = Omit<TranscriptMessage, 'seq'>;

/** Applied only where a message does not fit otherwise. */
const SHORT_NAME_GRAPHEMES = 64;
const FEW_CANDIDATES = 8;

/**
 * The messages for a segment: one, or more where its text is too long for a data packet. Before the text is split, long names
 * are shortened and the last of many candidates left out. `startedAt` is when it was said, before its audio came here.
 */
export function transcriptMessages(
  sessionId: string,
  segment: TranscriptSegment,
  liveAtUnixMs: number,
  { latencyMs, from }: AudioLatency,
): Unnumbered[] {
  const zeroUnixMs = liveAtUnixMs - latencyMs;
  const { candidates, words, ...rest } = segment;
  const message: Unnumbered = {
    v: 1,
    type: 'transcript',
    sessionId,
    ...rest,
    text: cleanText(segment.text),
    ...(candidates.length > 0 && { candidates: [...candidates] }),
    startedAt: new Date(zeroUnixMs + segment.startMs).toISOString(),
    startedAtFrom: from,
    words: words.map((word) => ({ ...word, text: cleanText(word.text) })),
  };
  return split(message, zeroUnixMs);
}

function split(message: Unnumbered, zeroUnixMs: number): Unnumbered[] {
  const { words: _, ...bare } = message;
  if (fitsNumbered(bare)) return [message];
  const short = withShortNames(bare);
  if (fitsNumbered(short)) return [short];
  const few = withFewCandidates(short);
  const least = fitsNumbered({ ...few, text: '' }) ? few : withoutPeople(few);
  const cut = fitsNumbered(least) ? undefined : cutOf(least.text);
  if (cut === undefined) return [least];
  return halves(least, cut, zeroUnixMs).flatMap((half) => split(half, zeroUnixMs));
}

function halves(message: Unnumbered, cut: number, zeroUnixMs: number): Unnumbered[] {
  const cutMs = message.startMs + ((message.endMs - message.startMs) * cut) / message.text.length;
  return [
    { ...message, segmentId: `${message.segmentId}a`, text: message.text.slice(0, cut), endMs: cutMs },
    {
      ...message,
      segmentId: `${message.segmentId}b`,
      text: message.text.slice(cut).trimStart(),
      startMs: cutMs,
      startedAt: new Date(zeroUnixMs + cutMs).toISOString(),
    },
  ];
}

const fitsNumbered = (message: Unnumbered): boolean => fits({ ...message, seq: Number.MAX_SAFE_INTEGER });

function withShortNames(message: Unnumbered): Unnumbered {
  const short = (speaker: Speaker): Speaker => ({ ...speaker, name: shortened(speaker.name, SHORT_NAME_GRAPHEMES) });
  return {
    ...message,
    speaker: message.speaker && short(message.speaker),
    ...(message.candidates && { candidates: message.candidates.map(short) }),
  };
}

const withFewCandidates = (message: Unnumbered): Unnumbered => ({
  ...message,
  ...(message.candidates && { candidates: message.candidates.slice(0, FEW_CANDIDATES) }),
});

/** When an identity alone fills a packet: the words matter more. */
function withoutPeople({ candidates: _, ...message }: Unnumbered): Unnumbered {
  return { ...message, speaker: null };
}
