import type { TranscriptSegment } from '../events/domain-events.js';

interface Speaker {
  /** When an interim of theirs was published last. */
  lastMs: number;
  /** The latest that came too early. */
  held: TranscriptSegment | undefined;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Lets interims of one speaker through at most every so often, since each is a request to LiveKit: of those that come too early
 * the latest is published when it is due.
 */
export class InterimPacer {
  readonly #speakers = new Map<string, Speaker>();

  /** @param everyMs 0: all are published at once */
  constructor(
    private readonly everyMs: number,
    private readonly publish: (interim: TranscriptSegment) => void,
  ) {}

  add(interim: TranscriptSegment): void {
    const key = interim.speaker?.identity ?? interim.segmentId;
    const speaker = this.#speakers.get(key) ?? { lastMs: -Infinity, held: undefined, timer: undefined };
    this.#speakers.set(key, speaker);
    // That of another segment is not replaced by this one.
    if (speaker.held !== undefined && speaker.held.segmentId !== interim.segmentId) this.#release(speaker);
    speaker.held = interim;
    const dueInMs = speaker.lastMs + this.everyMs - performance.now();
    if (dueInMs <= 0) this.#release(speaker);
    else speaker.timer ??= setTimeout(() => this.#release(speaker), dueInMs).unref();
  }

  /** The segment has its final. */
  drop(segmentId: string): void {
    for (const [key, speaker] of this.#speakers) {
      if (speaker.held?.segmentId === segmentId) speaker.held = undefined;
      if (key === segmentId) this.#forget(key, speaker);
    }
  }

  /** Nothing more comes: what is held is dropped, as every segment has its final. */
  close(): void {
    for (const [key, speaker] of this.#speakers) this.#forget(key, speaker);
  }

  #release(speaker: Speaker): void {
    clearTimeout(speaker.timer);
    const { held } = speaker;
    [speaker.timer, speaker.held] = [undefined, undefined];
    if (held === undefined) return;
    speaker.lastMs = performance.now();
    this.publish(held);
  }

  #forget(key: string, { timer }: Speaker): void {
    clearTimeout(timer);
    this.#speakers.delete(key);
  }
}
