import { sliceSegment, normalizedWords, type NormalizedWord, type Segment } from './normalized-words.js';
import { ServerSegments } from './server-segments.js';
import { PublishedWords } from './published-words.js';
import { unpublishedPart } from './unpublished-part.js';

/** `held`: kept back while the server hears the speaker; `repeated`: the server has said it. */
export type SegmentOutcome = 'published' | 'held' | 'repeated';

/** A segment made in a browser, as far as it has come. */
interface ClientSegment {
  readonly identity: string;
  latest: Segment;
  fate: SegmentOutcome;
  /** When its last revision came. */
  arrivedMs: number;
  /** Whether the server heard the speaker then, so that its words are on their way. */
  isAwaited: boolean;
}

/** How well the server hears. */
export interface Coverage {
  /** Whether it puts a participant's speech into words now. */
  covers(identity: string): boolean;
  /** Whether what it has heard comes in time. */
  readonly isWell: boolean;
}

/** Egress (up to 3 s), the end of the utterance and Gladia's final are later than a browser's final by less. */
const HOLD_MS = 8_000;
/** The server's utterances are closed after 15 s at the latest, unless it is told otherwise. */
const UTTERANCE_MS = 20_000;
/** A browser that has closed says no final any more. */
const IDLE_MS = 10_000;
/** Who repeats a request that old is not answered as before. */
const REMEMBERED_MS = 300_000;
const SAME_SHARE = 0.5;
const BEFORE_MS = 2_000;
const AFTER_MS = 5_000;

/**
 * Where the two ways of hearing one session meet: segments of browsers are held while the server hears their speaker, and
 * flow while it does not; whichever says a sentence first, the room reads it once.
 */
export class TranscriptMerger {
  readonly #clients = new PublishedWords();
  readonly #server = new ServerSegments(this.#clients);
  readonly #segments = new Map<string, ClientSegment>();
  readonly #toTell: Segment[] = [];

  constructor(
    private readonly coverage: Coverage,
    /** How long the server's words may be late. */
    private readonly rememberMs: number,
    private readonly onFate: (fate: SegmentOutcome) => void,
  ) {}

  /**
   * What an earlier run of the service told stands: a browser that repeats it is answered as before, and one that was in
   * the middle of a segment goes on with it, or has it finished.
   */
  restore(told: readonly Segment[], nowMs: number): void {
    for (const latest of told) {
      if (latest.source === 'server') this.#server.restore(latest);
      else this.#restoreClients(latest, nowMs);
    }
  }

  /** What became of the segment's final, or of the one that is not final yet. */
  outcomeOf(segmentId: string): SegmentOutcome | undefined {
    return this.#segments.get(segmentId)?.fate;
  }

  /** Whether a revision says something new: a final never changes, and none comes twice. */
  isNew(segmentId: string, revision: number | undefined): boolean {
    const latest = this.#segments.get(segmentId)?.latest;
    return latest === undefined || (!latest.final && (revision ?? Infinity) > latest.revision);
  }

  /** The last revision of a segment that came. */
  latest(segmentId: string): Segment | undefined {
    return this.#segments.get(segmentId)?.latest;
  }

  /** Takes news from a browser. What the room is to be told of it is in `flush()`. */
  addClientSegment(identity: string, latest: Segment, nowMs: number): SegmentOutcome {
    const known = this.#segments.get(latest.segmentId);
    const isAwaited = this.coverage.covers(identity);
    const segment: ClientSegment = { fate: 'held', ...known, identity, latest, arrivedMs: nowMs, isAwaited };
    this.#segments.set(latest.segmentId, segment);
    if (segment.fate === 'published') this.#publish(segment);
    else this.#judge(segment, nowMs);
    return segment.fate;
  }

  /** What the room is told in place of a segment of the server's, and of what was held for it. */
  addServerSegment(segment: Segment, nowMs: number): Segment[] {
    const told = this.#server.add(segment);
    if (segment.final) for (const held of this.#held()) this.#judge(held, nowMs);
    return [...told, ...this.takeReady()];
  }

  isUnchanged(segmentId: string): boolean {
    return this.#server.isUnchanged(segmentId);
  }

  /** Time has gone by, or the server does better or worse. */
  advance(nowMs: number): void {
    for (const segment of this.#segments.values()) {
      if (!segment.latest.final && nowMs - segment.arrivedMs >= IDLE_MS) this.#finish(segment);
    }
    for (const held of this.#held()) this.#judge(held, nowMs);
    for (const [segmentId, { latest, fate, arrivedMs }] of this.#segments) {
      if (latest.final && fate !== 'held' && nowMs - arrivedMs > REMEMBERED_MS) this.#segments.delete(segmentId);
    }
    for (const shown of [this.#clients, this.#server.finals]) shown.forgetBefore(nowMs - this.rememberMs);
  }

  /** Nothing more will come from the server: what it did not say is told now. */
  end(): void {
    for (const segment of this.#segments.values()) if (!segment.latest.final) this.#finish(segment);
    for (const held of this.#held()) this.#judge(held, Infinity);
  }

  /** What the room is to be told now, in this order. */
  takeReady(): Segment[] {
    return this.#toTell.splice(0);
  }

  #restoreClients(latest: Segment, nowMs: number): void {
    const { identity = '' } = latest.speaker ?? {};
    const segment: ClientSegment = { identity, latest, fate: 'published', arrivedMs: nowMs, isAwaited: false };
    this.#segments.set(latest.segmentId, segment);
    this.#clients.add(latest.segmentId, [identity], normalizedWords(latest));
  }

  #held(): ClientSegment[] {
    return [...this.#segments.values()].filter(({ fate }) => fate === 'held');
  }

  /** The browser has gone silent in the middle of a segment: it stays as it is. */
  #finish(segment: ClientSegment): void {
    segment.latest = { ...segment.latest, final: true, revision: segment.latest.revision + 1 };
    if (segment.fate === 'published') this.#publish(segment);
  }

  #judge(segment: ClientSegment, nowMs: number): void {
    const { identity, latest, arrivedMs } = segment;
    const words = normalizedWords(latest);
    const isCovered = segment.isAwaited && this.coverage.isWell;
    const isDue = nowMs >= arrivedMs + HOLD_MS;
    const unread = latest.final ? this.#unread(segment, words, isCovered && isDue) : latest;
    if (unread === undefined) {
      this.#settle(segment, 'repeated');
      return;
    }
    const same = this.#server.findOpenWithWords([identity], words);
    if (this.#mustWait(segment, { isCovered, isDue, isSaid: same !== undefined, nowMs })) return;
    if (same !== undefined) this.#toTell.push(...this.#server.retract(same));
    segment.latest = unread;
    this.#settle(segment, 'published');
    this.#publish(segment);
  }

  #mustWait(
    { identity, latest, arrivedMs }: ClientSegment,
    now: { isCovered: boolean; isDue: boolean; isSaid: boolean; nowMs: number },
  ): boolean {
    if (!now.isCovered) return now.isSaid && !(latest.final && now.isDue);
    if (!latest.final || !now.isDue) return true;
    const isBeingSaid = now.isSaid || this.#server.findOpenAt([identity], latest.startMs, latest.endMs) !== undefined;
    return isBeingSaid && now.nowMs < arrivedMs + UTTERANCE_MS;
  }

  /** What the server did not say of it. Where it heard other words at that time, `byTime` takes them for these. */
  #unread({ identity, latest }: ClientSegment, words: readonly NormalizedWord[], byTime: boolean): Segment | undefined {
    if (words.length === 0) return undefined;
    const { finals } = this.#server;
    const { segmentId, startMs, endMs } = latest;
    const part = unpublishedPart(finals.match(segmentId, [identity], words));
    if (part === undefined) return undefined;
    const span = { startMs: startMs - BEFORE_MS, endMs: endMs + AFTER_MS };
    if (byTime && finals.matchByTime(segmentId, [identity], span) >= words.length * SAME_SHARE) return undefined;
    return sliceSegment(latest, words, part);
  }

  #settle(segment: ClientSegment, fate: SegmentOutcome): void {
    segment.fate = fate;
    this.onFate(fate);
  }

  #publish({ identity, latest }: ClientSegment): void {
    this.#clients.add(latest.segmentId, [identity], normalizedWords(latest));
    this.#toTell.push(latest);
  }
}
