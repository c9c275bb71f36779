import { BoundedMap } from '../collections/bounded-map.js';
import type { TranscriptSegment as Segment } from '../events/domain-events.js';
import { sliceSegment, normalizedWords, type NormalizedWord } from './normalized-words.js';
import { mayBeSameSpeaker, PublishedWords, type PossibleSpeakers } from './published-words.js';
import { unpublishedPart } from './unpublished-part.js';

/** A segment of the server that is not final yet. */
interface OpenSegment {
  readonly speakers: PossibleSpeakers;
  /** As the room has it; undefined where it was not published or was retracted. */
  published: Segment | undefined;
  /** How often it was retracted. A retracted id cannot be used again, so later revisions get a new one. */
  retractions: number;
}

/** Partials with this share of common words are the same. */
const SAME_SHARE = 0.5;
/** How late the end of a partial of the server may be. */
const MAX_LAG_MS = 4_000;
/** Translations may still arrive for this many finals. */
const MAX_CHANGED = 500;

const speakersOf = ({ speaker, candidates }: Segment): PossibleSpeakers =>
  speaker === null ? candidates.map(({ identity }) => identity) : [speaker.identity];

/** The server's segments of one session, without the words that browsers have published already. */
export class ServerSegments {
  /** Its finals, as they were published. */
  readonly finals = new PublishedWords();
  readonly #open = new Map<string, OpenSegment>();
  /** Finals that were not published as they were. */
  readonly #changed = new BoundedMap<string, true>(MAX_CHANGED);

  constructor(private readonly clients: PublishedWords) {}

  /** Restores a segment that was published before a restart; no revision of it follows. */
  restore(segment: Segment): void {
    this.finals.add(segment.segmentId, speakersOf(segment), normalizedWords(segment));
  }

  /** Returns what is published in place of this segment. */
  add(segment: Segment): Segment[] {
    const open = this.#open.get(segment.segmentId) ?? {
      speakers: speakersOf(segment),
      published: undefined,
      retractions: 0,
    };
    const rest = segment.text === '' ? undefined : this.#unpublished(segment);
    const output = rest === undefined ? this.#retracted(open) : [publishedAs(open, segment.segmentId, rest)];
    if (segment.final) this.#close(segment, open, output);
    else this.#open.set(segment.segmentId, open);
    return output;
  }

  /** Whether the final was published as it was, so that its translations may be, too. */
  isUnchanged(segmentId: string): boolean {
    return !this.#changed.has(segmentId);
  }

  /** A published partial of one of these speakers, with mostly these words. */
  findOpenWithWords(speakers: PossibleSpeakers, words: readonly NormalizedWord[]): string | undefined {
    return this.#find(speakers, (published) => isSame(normalizedWords(published), words));
  }

  /** A published partial that may cover what was said at this time. */
  findOpenAt(speakers: PossibleSpeakers, startMs: number, endMs: number): string | undefined {
    return this.#find(speakers, (published) => published.startMs <= endMs + MAX_LAG_MS && published.endMs >= startMs);
  }

  /** Retracts a published partial. */
  retract(segmentId: string): Segment[] {
    const open = this.#open.get(segmentId);
    return open === undefined ? [] : this.#retracted(open);
  }

  #find(speakers: PossibleSpeakers, test: (published: Segment) => boolean): string | undefined {
    for (const [segmentId, { speakers: theirs, published }] of this.#open) {
      if (published !== undefined && mayBeSameSpeaker(theirs, speakers) && test(published)) return segmentId;
    }
    return undefined;
  }

  /** Without the words that browsers have published; undefined where nothing is left. */
  #unpublished(segment: Segment): Segment | undefined {
    if (this.clients.isEmpty) return segment;
    const words = normalizedWords(segment);
    if (words.length === 0) return segment;
    const part = unpublishedPart(this.clients.match(`server ${segment.segmentId}`, speakersOf(segment), words));
    return part && sliceSegment(segment, words, part);
  }

  #retracted(open: OpenSegment): Segment[] {
    const { published } = open;
    if (published === undefined) return [];
    open.published = undefined;
    open.retractions += 1;
    return [{ ...published, revision: published.revision + 1, final: true, text: '', words: [] }];
  }

  #close(segment: Segment, { speakers, published }: OpenSegment, output: readonly Segment[]): void {
    this.#open.delete(segment.segmentId);
    if (published !== undefined) this.finals.add(published.segmentId, speakers, normalizedWords(published));
    if (output[0] !== segment) this.#changed.set(segment.segmentId, true);
  }
}

function publishedAs(open: OpenSegment, segmentId: string, segment: Segment): Segment {
  open.published = open.retractions === 0 ? segment : { ...segment, segmentId: `${segmentId}r${open.retractions}` };
  return open.published;
}

/** Whether at least half of the words of the shorter one are in the other. */
function isSame(a: readonly NormalizedWord[], b: readonly NormalizedWord[]): boolean {
  const words = new PublishedWords();
  words.add('', [], a);
  const shared = words.match('', [], b).filter(Boolean).length;
  return shared > 0 && shared >= Math.min(a.length, b.length) * SAME_SHARE;
}
