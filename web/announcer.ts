import type { Segment, Transcript } from '../libs/client/index.js';
import { make, part } from './part.js';
import { speakerOf } from './rows.js';

/** What was said longer ago is history, which is not announced. */
const HISTORY_MS = 15_000;
const MOST_KEPT = 20;

/** Announces each final once to screen readers, as it comes; nothing of what was said before. */
export class Announcer {
  readonly #log = part('announcer');
  readonly #announced = new Set<string>();
  readonly #openedAtUnixMs = Date.now();

  announce({ segments }: Transcript): void {
    for (const segment of segments.slice(-MOST_KEPT)) if (this.#isNew(segment)) this.#say(segment);
  }

  #isNew(segment: Segment): boolean {
    const endedAtUnixMs = Date.parse(segment.startedAt) + segment.endMs - segment.startMs;
    const isHistory = endedAtUnixMs < Math.max(this.#openedAtUnixMs, Date.now() - HISTORY_MS);
    return segment.final && segment.text !== '' && !isHistory && !this.#announced.has(segment.segmentId);
  }

  #say(segment: Segment): void {
    this.#announced.add(segment.segmentId);
    this.#log.append(make('p', { textContent: `${speakerOf(segment)}: ${segment.text}`, lang: segment.language }));
    while (this.#log.children.length > MOST_KEPT) this.#log.firstElementChild?.remove();
  }
}
