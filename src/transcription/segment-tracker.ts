import { BoundedMap } from '../collections/bounded-map.js';
import type { AttributedPart } from './attribution/attribute.js';

/** One part of an utterance as it is published: with an id that stays, and a revision that counts up. */
export interface Segment extends AttributedPart {
  /** Utterance and part, `7.1`; neither number is used twice in a session. */
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
  readonly number: number;
  parts: number;
  readonly segments: OpenSegment[];
}

/** An engine emits nothing for an utterance after its final; one that does so does it soon. */
const MAX_FINALS = 500;

/**
 * Gives the parts of utterances their segment ids. A part that a later revision of its utterance lacks is retracted with an
 * empty final, an id is not used again after its final, and nothing is emitted twice.
 */
export class SegmentTracker {
  readonly #open = new Map<string, OpenUtterance>();
  readonly #finals = new BoundedMap<string, true>(MAX_FINALS);
  #lastNumber: number;

  /** @param lastUtterance the number of the last utterance that an earlier run of the session emitted; 0: there was none */
  constructor(lastUtterance = 0) {
    this.#lastNumber = lastUtterance;
  }

  /** The segments that change with this revision of an utterance; none after its final. */
  revise(utteranceId: string, parts: readonly AttributedPart[], final: boolean): Segment[] {
    if (this.#finals.has(utteranceId)) return [];
    const utterance = this.#open.get(utteranceId) ?? { number: (this.#lastNumber += 1), parts: 0, segments: [] };
    this.#open.set(utteranceId, utterance);
    const retracted = utterance.segments.splice(parts.length).map(retraction);
    const changed = parts.flatMap((part, index) => this.#reviseSegment(utterance, part, index, final));
    if (final) {
      this.#open.delete(utteranceId);
      this.#finals.set(utteranceId, true);
    }
    return [...changed, ...retracted];
  }

  #reviseSegment(utterance: OpenUtterance, part: AttributedPart, index: number, final: boolean): Segment[] {
    const known = utterance.segments[index];
    if (known !== undefined && !final && isSame(known.part, part)) return [];
    const segment = known ?? { segmentId: `${utterance.number}.${(utterance.parts += 1)}`, revision: 0, part };
    utterance.segments[index] = segment;
    segment.revision += 1;
    segment.part = part;
    return [{ ...part, segmentId: segment.segmentId, revision: segment.revision, final }];
  }
}

function retraction({ segmentId, revision, part }: OpenSegment): Segment {
  return { ...part, segmentId, revision: revision + 1, final: true, text: '', words: [] };
}

/** Changes of times and confidence alone are no revision. */
function isSame(a: AttributedPart, b: AttributedPart): boolean {
  const candidates = (part: AttributedPart) => part.candidates.toSorted().join();
  return a.text === b.text && a.trackSid === b.trackSid && candidates(a) === candidates(b);
}
