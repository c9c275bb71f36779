import { BoundedMap } from '../collections/bounded-map.js';
import { sliceSegment, normalizedWords, type NormalizedWord, type Segment } from './normalized-words.js';
import { mayBeSameSpeaker, PublishedWords, type PossibleSpeakers } from './published-words.js';
import { unpublishedPart } from './unpublished-part.js';

/** A segment of the server's that is not final yet. */
interface OpenSegment {
  readonly voices: PossibleSpeakers;
  /** How the room reads it now; undefined where it does not. */
  shown: Segment | undefined;
  /** How often it was taken back: its id is used up then, and what comes later has another one. */
  takenBack: number;
}

const SAME_SHARE = 0.5;
const LAG_MS = 4_000;
/** Of so many finals translations may still come. */
const MOST_CHANGED = 500;

const voicesOf = ({ speaker, candidates }: Segment): PossibleSpeakers =>
  speaker === null ? candidates.map(({ identity }) => identity) : [speaker.identity];

/** What the server says in one session, less what browsers have said already. */
export class ServerSegments {
  /** Its finals, as they were shown. */
  readonly finals = new PublishedWords();
  readonly #open = new Map<string, OpenSegment>();
  /** Finals that did not go out as they were. */
  readonly #changed = new BoundedMap<string, true>(MOST_CHANGED);

  constructor(private readonly clients: PublishedWords) {}

  /** A segment that an earlier run told, as it stands: nobody says more of it. */
  restore(segment: Segment): void {
    this.finals.add(segment.segmentId, voicesOf(segment), normalizedWords(segment));
  }

  /** What the room is told in place of this segment. */
  add(segment: Segment): Segment[] {
    const open = this.#open.get(segment.segmentId) ?? { voices: voicesOf(segment), shown: undefined, takenBack: 0 };
    const unread = segment.text === '' ? undefined : this.#unread(segment);
    const told = unread === undefined ? this.#takenBack(open) : [shownAs(open, segment.segmentId, unread)];
    if (segment.final) this.#close(segment, open, told);
    else this.#open.set(segment.segmentId, open);
    return told;
  }

  /** Whether the final went out as it was, so that what refers to it may too. */
  isUnchanged(segmentId: string): boolean {
    return !this.#changed.has(segmentId);
  }

  /** A segment that the room reads and that is not final, of one of these voices, with mostly these words. */
  findOpenWithWords(voices: PossibleSpeakers, words: readonly NormalizedWord[]): string | undefined {
    return this.#find(voices, (shown) => isSame(normalizedWords(shown), words));
  }

  /** One that may still become what was said at that time. */
  findOpenAt(voices: PossibleSpeakers, startMs: number, endMs: number): string | undefined {
    return this.#find(voices, (shown) => shown.startMs <= endMs + LAG_MS && shown.endMs >= startMs);
  }

  /** Takes a segment from the room that is not final. */
  retract(segmentId: string): Segment[] {
    const open = this.#open.get(segmentId);
    return open === undefined ? [] : this.#takenBack(open);
  }

  #find(voices: PossibleSpeakers, test: (shown: Segment) => boolean): string | undefined {
    for (const [segmentId, { voices: theirs, shown }] of this.#open) {
      if (shown !== undefined && mayBeSameSpeaker(theirs, voices) && test(shown)) return segmentId;
    }
    return undefined;
  }

  /** Without the words that browsers have shown; undefined where nothing is left. */
  #unread(segment: Segment): Segment | undefined {
    if (this.clients.isEmpty) return segment;
    const words = normalizedWords(segment);
    if (words.length === 0) return segment;
    const part = unpublishedPart(this.clients.match(`server ${segment.segmentId}`, voicesOf(segment), words));
    return part && sliceSegment(segment, words, part);
  }

  #takenBack(open: OpenSegment): Segment[] {
    const { shown } = open;
    if (shown === undefined) return [];
    open.shown = undefined;
    open.takenBack += 1;
    return [{ ...shown, revision: shown.revision + 1, final: true, text: '', words: [] }];
  }

  #close(segment: Segment, { voices, shown }: OpenSegment, told: readonly Segment[]): void {
    this.#open.delete(segment.segmentId);
    if (shown !== undefined) this.finals.add(shown.segmentId, voices, normalizedWords(shown));
    if (told[0] !== segment) this.#changed.set(segment.segmentId, true);
  }
}

function shownAs(open: OpenSegment, segmentId: string, segment: Segment): Segment {
  open.shown = open.takenBack === 0 ? segment : { ...segment, segmentId: `${segmentId}r${open.takenBack}` };
  return open.shown;
}

/** Whether half of the shorter is in the other. */
function isSame(a: readonly NormalizedWord[], b: readonly NormalizedWord[]): boolean {
  const shown = new PublishedWords();
  shown.add('', [], a);
  const shared = shown.match('', [], b).filter(Boolean).length;
  return shared > 0 && shared >= Math.min(a.length, b.length) * SAME_SHARE;
}
