import type { TrackToTranscribe } from '../media/audio-source.js';

/** A period of the session in which no audio of a track was received. */
export interface CoverageGap {
  readonly startMs: number;
  readonly endMs: number;
}

/** Every gap is reported: audio in transit when a connection broke is lost too, and somebody may speak at once. */
const MIN_GAP_MS = 1;
/** For how long an unpublished track may stay in the roster: after it was received, a shorter gap is just that delay. */
const UNPUBLISH_DELAY_MS = 3_000;
/** Who publishes again later than this was away from the room in between, so nothing was missed. */
const REPUBLISH_WITHIN_MS = 3_000;

/**
 * Finds the gaps in which no source received a track, from the moment it was published. Whether anybody spoke in them is
 * unknown, so all of a gap counts. Times are those of the session clock.
 */
export class CoverageTracker {
  readonly #receivers = new Set<object>();
  #gapStartMs: number | undefined;
  #wasReceived = false;

  constructor(
    private readonly nowMs: () => number,
    private readonly onGap: (gap: CoverageGap) => void,
    publishedAtMs = nowMs(),
    /** The first gap is reported if it is at least so long. */
    private readonly leastFirstGapMs = MIN_GAP_MS,
  ) {
    this.#gapStartMs = publishedAtMs;
  }

  get receiving(): boolean {
    return this.#receivers.size > 0;
  }

  /** Whether it was never received, and does not replace a track that was. */
  get isNew(): boolean {
    return !this.#wasReceived;
  }

  startedBy(receiver: object): void {
    this.#receivers.add(receiver);
    this.#endGap();
    this.#wasReceived = true;
  }

  stoppedBy(receiver: object): void {
    if (this.#receivers.delete(receiver) && this.#receivers.size === 0) this.#gapStartMs = this.nowMs();
  }

  /** The track replaces one of the same participant that was last received at `gapStartMs`: the gap began there. */
  continueFrom(gapStartMs: number): void {
    if (this.#wasReceived) return;
    this.#wasReceived = true;
    this.#gapStartMs = Math.min(this.#gapStartMs ?? gapStartMs, gapStartMs);
  }

  /**
   * @param isUnpublished whether the track was unpublished, which its source noticed first; otherwise the session is over
   * @returns where the unreported gap of its participant began; undefined for a track that was never received
   */
  close(isUnpublished: boolean): number | undefined {
    const gapStartMs = this.#gapStartMs;
    const wasReported = this.#endGap(isUnpublished ? UNPUBLISH_DELAY_MS : MIN_GAP_MS);
    if (wasReported || this.receiving) return this.nowMs();
    return this.#wasReceived ? gapStartMs : undefined;
  }

  /** Whether a gap was reported. */
  #endGap(leastMs = MIN_GAP_MS): boolean {
    const startMs = this.#gapStartMs;
    if (startMs === undefined) return false;
    this.#gapStartMs = undefined;
    const endMs = this.nowMs();
    const isLongEnough = endMs - startMs >= (this.#wasReceived ? leastMs : this.leastFirstGapMs);
    if (isLongEnough) this.onGap({ startMs, endMs });
    return isLongEnough;
  }
}

/**
 * Remembers for a moment which participants' tracks were unpublished. Who publishes again at once may have gone on talking,
 * so that the gap runs from the end of the former track until the new one is received.
 */
export class RepublishTracker {
  readonly #gapStartMs = new Map<string, number>();

  constructor(private readonly nowMs: () => number) {}

  unpublished(track: TrackToTranscribe, gapStartMs: number): void {
    this.#deleteOld();
    this.#gapStartMs.set(publisherOf(track), gapStartMs);
  }

  /** Where the gap of a new track began, if it replaces one that was just unpublished. Each is returned once. */
  takeGapStart(track: TrackToTranscribe): number | undefined {
    this.#deleteOld();
    const gapStartMs = this.#gapStartMs.get(publisherOf(track));
    this.#gapStartMs.delete(publisherOf(track));
    return gapStartMs;
  }

  #deleteOld(): void {
    const oldestMs = this.nowMs() - REPUBLISH_WITHIN_MS;
    for (const [publisher, ms] of this.#gapStartMs) if (ms < oldestMs) this.#gapStartMs.delete(publisher);
  }
}

/** Whether both are tracks of one participant and one kind: screen-share audio does not replace a microphone. */
export const haveSamePublisher = (one: TrackToTranscribe, other: TrackToTranscribe): boolean =>
  publisherOf(one) === publisherOf(other);

const publisherOf = ({ identity, kind = 'microphone' }: TrackToTranscribe): string => `${kind} ${identity}`;
