import type { Message, StatusMessage, TranscriptMessage, TranslationMessage } from './messages.js';
import { erased, segmentAfter, type Segment } from './segment.js';

/** By the session clock; those that begin together, by their id, so that every listener has the same order. */
const isBefore = (a: Segment, b: Segment): boolean =>
  a.startMs < b.startMs || (a.startMs === b.startMs && a.segmentId < b.segmentId);

/** The segments and gaps of one session, in order, and its status. At most `window` of each are kept: the last ones. */
export class SegmentList {
  readonly #byId = new Map<string, Segment>();
  readonly #gaps = new Map<number, StatusMessage>();
  readonly #ordered: Segment[] = [];
  #segments: readonly Segment[] | undefined;
  #status: StatusMessage | undefined;

  readonly #window: number;

  constructor(window: number) {
    this.#window = window;
  }

  /** The same array until something changes. */
  get segments(): readonly Segment[] {
    return (this.#segments ??= [...this.#ordered]);
  }

  /** Where words are missing. */
  get gaps(): readonly StatusMessage[] {
    return [...this.#gaps.values()];
  }

  get status(): StatusMessage | undefined {
    return this.#status;
  }

  /** Takes one message, which may be late, or come twice. @returns whether it changed anything */
  apply(message: Message): boolean {
    switch (message.type) {
      case 'transcript':
        return this.#applyTranscript(message);
      case 'translation':
        return this.#applyTranslation(message);
      case 'status':
        return this.#applyStatus(message);
      case 'retraction':
        return message.segmentIds.map((id) => this.#erase(id)).includes(true);
      case 'snapshot':
        return [...message.segments, ...(message.translations ?? []), ...(message.statuses ?? [])]
          .map((part) => this.apply(part))
          .includes(true);
      default: // of a newer service
        return false;
    }
  }

  #applyTranscript(message: TranscriptMessage): boolean {
    const known = this.#byId.get(message.segmentId);
    return this.#replace(known, segmentAfter(known, message));
  }

  #applyTranslation({ segmentId, language, text }: TranslationMessage): boolean {
    const known = this.#byId.get(segmentId);
    const isNews = known?.retracted === false && known.translations[language] !== text;
    return isNews && this.#replace(known, { ...known, translations: { ...known.translations, [language]: text } });
  }

  #applyStatus(message: StatusMessage): boolean {
    if (message.status === 'gap' && message.startMs !== undefined) {
      if (this.#gaps.has(message.seq)) return false;
      this.#gaps.set(message.seq, message);
      if (this.#gaps.size > this.#window) this.#gaps.delete(Math.min(...this.#gaps.keys()));
      return true;
    }
    if (this.#status && message.seq <= this.#status.seq) return false;
    this.#status = message;
    return true;
  }

  #erase(segmentId: string): boolean {
    const known = this.#byId.get(segmentId);
    return known?.retracted === false && this.#replace(known, erased(known));
  }

  #replace(known: Segment | undefined, segment: Segment): boolean {
    if (segment === known) return false;
    const ordered = this.#ordered;
    if (known) ordered.splice(this.#placeOf(known), 1);
    ordered.splice(this.#placeOf(segment), 0, segment);
    this.#byId.set(segment.segmentId, segment);
    if (ordered.length > this.#window) this.#byId.delete(ordered.shift()?.segmentId ?? '');
    this.#segments = undefined;
    return true;
  }

  /** Where a segment is, or belongs. */
  #placeOf(segment: Segment): number {
    let [low, high] = [0, this.#ordered.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.#ordered[middle]!, segment)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
