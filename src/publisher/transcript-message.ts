import { cleanText, shortened } from '../../libs/protocol/text.js';
import { fits } from '../../libs/protocol/codec.js';
import type { Speaker, TranscriptMessage } from '../../libs/protocol/message.js';
import type { TranscriptSegment } from '../events/domain-events.js';
import { cutOf } from './split-text.js';

type Unnumbered = Omit<TranscriptMessage, 'seq'>;

/** Applied only where a message does not fit otherwise. */
const SHORT_NAME_GRAPHEMES = 64;
const FEW_CANDIDATES = 8;

/**
 * The messages for a segment: one, or more where its text is too long for a data packet. Before the text is split, long names
 * are shortened and the last of many candidates left out.
 */
export function transcriptMessages(sessionId: string, segment: TranscriptSegment, liveAtUnixMs: number): Unnumbered[] {
  const { candidates, words, ...rest } = segment;
  const message: Unnumbered = {
    v: 1,
    type: 'transcript',
    sessionId,
    ...rest,
    text: cleanText(segment.text),
    ...(candidates.length > 0 && { candidates: [...candidates] }),
    startedAt: new Date(liveAtUnixMs + segment.startMs).toISOString(),
    words: words.map((word) => ({ ...word, text: cleanText(word.text) })),
  };
  return split(message, liveAtUnixMs);
}

function split(message: Unnumbered, liveAtUnixMs: number): Unnumbered[] {
  const { words: _, ...bare } = message;
  if (fitsNumbered(bare)) return [message];
  const short = withShortNames(bare);
  if (fitsNumbered(short)) return [short];
  const few = withFewCandidates(short);
  const least = fitsNumbered({ ...few, text: '' }) ? few : withoutPeople(few);
  const cut = fitsNumbered(least) ? undefined : cutOf(least.text);
  if (cut === undefined) return [least];
  return halves(least, cut, liveAtUnixMs).flatMap((half) => split(half, liveAtUnixMs));
}

function halves(message: Unnumbered, cut: number, liveAtUnixMs: number): Unnumbered[] {
  const cutMs = message.startMs + ((message.endMs - message.startMs) * cut) / message.text.length;
  return [
    { ...message, segmentId: `${message.segmentId}a`, text: message.text.slice(0, cut), endMs: cutMs },
    {
      ...message,
      segmentId: `${message.segmentId}b`,
      text: message.text.slice(cut).trimStart(),
      startMs: cutMs,
      startedAt: new Date(liveAtUnixMs + cutMs).toISOString(),
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
