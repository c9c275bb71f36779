import type { TranscriptSegment as Segment } from '../events/domain-events.js';
import { sliceSegment, normalizedWords, type NormalizedWord } from './normalized-words.js';
import type { SegmentOutcome } from './client-segments.port.js';
import { ServerSegments } from './server-segments.js';
import { PublishedWords } from './published-words.js';
import { unpublishedPart } from './unpublished-part.js';

/** A segment made in a browser, with its latest revision. */
interface ClientSegment {
  readonly identity: string;
  latest: Segment;
  outcome: SegmentOutcome;
  /** When the latest revision arrived, on the session clock. */
  arrivedMs: number;
  /** Whether the server transcribed the speaker at that moment, so that its own words are on their way. */
  isAwaited: boolean;
  /** What it was decided by last: as long as that is the same, so is the decision. */
  decidedBy: string;
}

/** A browser is ahead of the server by at most this: Egress (up to 3 s), the end of the utterance and Gladia's final. */
const HOLD_MS = 8_000;
/** The server closes an utterance after 15 s at the latest, by default. */
const UTTERANCE_MS = 20_000;
/** A browser that is closed sends no final: after this long its last partial becomes final. */
const IDLE_MS = 10_000;
/** For how long a repeated request gets the same answer. */
const REMEMBERED_MS = 300_000;
const SAME_SHARE = 0.5;
const BEFORE_MS = 2_000;
const AFTER_MS = 5_000;

/**
 * Merges the two transcriptions of one session, so that the room reads each sentence once: the server's, and those that
 * participants' browsers make (hybrid mode). There is one rule of deduplication: what was published first is kept, and of a
 * segment of the other side only the words that are not published yet are added (`PublishedWords`, `unpublishedPart`).
 * Browsers' segments are held while the server transcribes the same speaker, and published at once while it does not.
 */
export class TranscriptMerger {
  readonly #clients = new PublishedWords();
  readonly #server = new ServerSegments(this.#clients);
  readonly #segments = new Map<string, ClientSegment>();
  readonly #ready: Segment[] = [];
  /** Counts what the server has published. */
  #serverRevision = 0;

  constructor(
    /** Whether the server's transcription is not interrupted, so that its words arrive in time. */
    private readonly isServerWell: () => boolean,
    /** How late the server's words may arrive. */
    private readonly rememberMs: number,
    private readonly onOutcome: (outcome: SegmentOutcome) => void,
  ) {}

  /**
   * Restores what was published before a restart: a browser that repeats a segment gets the same answer, and one that was in
   * the middle of a segment continues it.
   */
  restore(published: readonly Segment[], nowMs: number): void {
    for (const latest of published) {
      if (latest.source === 'server') this.#server.restore(latest);
      else this.#restoreClients(latest, nowMs);
    }
  }

  outcomeOf(segmentId: string): SegmentOutcome | undefined {
    return this.#segments.get(segmentId)?.outcome;
  }

  isNew(segmentId: string, revision: number | undefined): boolean {
    const latest = this.#segments.get(segmentId)?.latest;
    return latest === undefined || (!latest.final && (revision ?? Infinity) > latest.revision);
  }

  latest(segmentId: string): Segment | undefined {
    return this.#segments.get(segmentId)?.latest;
  }

  /** Adds a revision from a browser; what may be published now is in `takeReady()`. */
  addClientSegment(latest: Segment, isAwaited: boolean, nowMs: number): SegmentOutcome {
    const known = this.#segments.get(latest.segmentId);
    const identity = latest.speaker?.identity ?? '';
    const segment: ClientSegment = {
      ...{ outcome: 'held', ...known },
      ...{ identity, latest, arrivedMs: nowMs, isAwaited, decidedBy: '' },
    };
    this.#segments.set(latest.segmentId, segment);
    if (segment.outcome === 'published') this.#publish(segment);
    else this.#decide(segment, nowMs);
    return segment.outcome;
  }

  /** Returns what is to be published in place of a segment of the server, then the browsers' segments that were held for it. */
  addServerSegment(segment: Segment, nowMs: number): Segment[] {
    const unpublished = this.#server.add(segment);
    this.#serverRevision += 1;
    if (segment.final) for (const held of this.#held()) this.#decide(held, nowMs);
    return [...unpublished, ...this.takeReady()];
  }

  /** Whether a final of the server was published as it was, so that its translations fit it. */
  isUnchanged(segmentId: string): boolean {
    return this.#server.isUnchanged(segmentId);
  }

  /** Decides again about held segments: time has passed, or the server's transcription was interrupted or has recovered. */
  advance(nowMs: number): void {
    for (const segment of this.#segments.values()) {
      if (!segment.latest.final && nowMs - segment.arrivedMs >= IDLE_MS) this.#finish(segment);
    }
    for (const held of this.#held()) this.#decide(held, nowMs);
    for (const [segmentId, { latest, outcome, arrivedMs }] of this.#segments) {
      if (latest.final && outcome !== 'held' && nowMs - arrivedMs > REMEMBERED_MS) this.#segments.delete(segmentId);
    }
    for (const words of [this.#clients, this.#server.finals]) words.forgetBefore(nowMs - this.rememberMs);
  }

  /** No more segments follow from the server: held segments that it did not publish become ready. */
  end(): void {
    for (const segment of this.#segments.values()) if (!segment.latest.final) this.#finish(segment);
    for (const held of this.#held()) this.#decide(held, Infinity);
  }

  /** Removes and returns the segments that may be published, in order. */
  takeReady(): Segment[] {
    return this.#ready.splice(0);
  }

  #restoreClients(latest: Segment, nowMs: number): void {
    const { identity = '' } = latest.speaker ?? {};
    const segment: ClientSegment = {
      identity,
      latest,
      outcome: 'published',
      arrivedMs: nowMs,
      isAwaited: false,
      decidedBy: '',
    };
    this.#segments.set(latest.segmentId, segment);
    this.#clients.add(latest.segmentId, [identity], normalizedWords(latest));
  }

  #held(): ClientSegment[] {
    return [...this.#segments.values()].filter(({ outcome }) => outcome === 'held');
  }

  /** The browser stopped in the middle of a segment: its last partial becomes the final. */
  #finish(segment: ClientSegment): void {
    segment.latest = { ...segment.latest, final: true, revision: segment.latest.revision + 1 };
    if (segment.outcome === 'published') this.#publish(segment);
  }

  #decide(segment: ClientSegment, nowMs: number): void {
    const { identity, latest, arrivedMs } = segment;
    const isCovered = segment.isAwaited && this.isServerWell();
    const isDue = nowMs >= arrivedMs + HOLD_MS;
    const isOverdue = nowMs >= arrivedMs + UTTERANCE_MS;
    const decidedBy = `${latest.revision} ${this.#serverRevision} ${isCovered} ${isDue} ${isOverdue}`;
    if (decidedBy === segment.decidedBy) return;
    segment.decidedBy = decidedBy;
    const words = normalizedWords(latest);
    const unpublished = latest.final ? this.#unpublished(segment, words, isCovered && isDue) : latest;
    if (unpublished === undefined) {
      this.#settle(segment, 'repeated');
      return;
    }
    const same = this.#server.findOpenWithWords([identity], words);
    if (this.#mustWait(segment, { isCovered, isDue, isOverdue, isPublishing: same !== undefined })) return;
    if (same !== undefined) this.#ready.push(...this.#server.retract(same));
    segment.latest = unpublished;
    this.#settle(segment, 'published');
    this.#publish(segment);
  }

  #mustWait(
    { identity, latest }: ClientSegment,
    now: { isCovered: boolean; isDue: boolean; isOverdue: boolean; isPublishing: boolean },
  ): boolean {
    if (!now.isCovered) return now.isPublishing && !(latest.final && now.isDue);
    if (!latest.final || !now.isDue) return true;
    const isBeingPublished =
      now.isPublishing || this.#server.findOpenAt([identity], latest.startMs, latest.endMs) !== undefined;
    return isBeingPublished && !now.isOverdue;
  }

  /** The part that the server did not publish. With `byTime`, any words of the server at that time count as the same. */
  #unpublished(
    { identity, latest }: ClientSegment,
    words: readonly NormalizedWord[],
    byTime: boolean,
  ): Segment | undefined {
    if (words.length === 0) return undefined;
    const { finals } = this.#server;
    const { segmentId, startMs, endMs } = latest;
    const part = unpublishedPart(finals.match(segmentId, [identity], words));
    if (part === undefined) return undefined;
    const span = { startMs: startMs - BEFORE_MS, endMs: endMs + AFTER_MS };
    if (byTime && finals.matchByTime(segmentId, [identity], span) >= words.length * SAME_SHARE) return undefined;
    return sliceSegment(latest, words, part);
  }

  #settle(segment: ClientSegment, outcome: SegmentOutcome): void {
    segment.outcome = outcome;
    this.onOutcome(outcome);
  }

  #publish({ identity, latest }: ClientSegment): void {
    this.#clients.add(latest.segmentId, [identity], normalizedWords(latest));
    this.#ready.push(latest);
  }
}
