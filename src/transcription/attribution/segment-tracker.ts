import { BoundedMap } from '../../collections/bounded-map.js';
import type { AttributedPart } from './attribute.js';

/** One part of an utterance as it is told to the room: with an id that stays, and a revision that counts up. */
export interface Segment extends AttributedPart {
  /** Utterance and part, `7.1`; neither number is given out twice in a session. */
  readonly segmentId: string;
  readonly revision: number;
  readonly final: boolean;
}

interface OpenSegment {
  readonly segmentId: string;
  revision: number;
  part: AttributedPart;
}

interface OpenUtterance {
  readonly key: number;
  parts: number;
  readonly segments: OpenSegment[];
}

/** Engines say nothing after a final; one that does says it soon. */
const MOST_FINAL = 500;

/**
 * Gives the parts of utterances their segment ids. What was told stays true: a part that a later hearing no longer has is
 * taken back with an empty final, an id is not used again after its final, and nothing is told twice.
 */
export class SegmentTracker {
  readonly #open = new Map<string, OpenUtterance>();
  readonly #final = new BoundedMap<string, true>(MOST_FINAL);
  #keys: number;

  /** @param lastUtterance the number of the last utterance that an earlier run of the session told; 0: there was none */
  constructor(lastUtterance = 0) {
    this.#keys = lastUtterance;
  }

  /** What changes for the room when an utterance is heard like this. Nothing does after its final. */
  revise(utteranceId: string, parts: readonly AttributedPart[], final: boolean): Segment[] {
    if (this.#final.has(utteranceId)) return [];
    const utterance = this.#open.get(utteranceId) ?? { key: (this.#keys += 1), parts: 0, segments: [] };
    this.#open.set(utteranceId, utterance);
    const vanished = utterance.segments.splice(parts.length).map(takenBack);
    const told = parts.flatMap((part, index) => this.#tell(utterance, part, index, final));
    if (final) {
      this.#open.delete(utteranceId);
      this.#final.set(utteranceId, true);
    }
    return [...told, ...vanished];
  }

  #tell(utterance: OpenUtterance, part: AttributedPart, index: number, final: boolean): Segment[] {
    const known = utterance.segments[index];
    if (known !== undefined && !final && isSame(known.part, part)) return [];
    const segment = known ?? { segmentId: `${utterance.key}.${(utterance.parts += 1)}`, revision: 0, part };
    utterance.segments[index] = segment;
    segment.revision += 1;
    segment.part = part;
    return [{ ...part, segmentId: segment.segmentId, revision: segment.revision, final }];
  }
}

function takenBack({ segmentId, revision, part }: OpenSegment): Segment {
  return { ...part, segmentId, revision: revision + 1, final: true, text: '', words: [] };
}

/** Times and confidence may drift without anyone wanting to be told. */
function isSame(a: AttributedPart, b: AttributedPart): boolean {
  const candidates = (part: AttributedPart) => part.candidates.toSorted().join();
  return a.text === b.text && a.trackSid === b.trackSid && candidates(a) === candidates(b);
}
