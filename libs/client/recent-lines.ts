import { textOf, type Segment } from './segment.js';

/** A line disappears so long after its last change. */
const SHOWN_MS = 8_000;
/** How often those who draw lines should look whether one disappears. */
export const REDRAW_MS = SHOWN_MS / 4;

/** A line of captions: a segment in the reader's language. */
export interface CaptionLine {
  readonly segment: Segment;
  readonly language: string;
  readonly text: string;
}

/** The last lines of a transcript, as captions over a video show them: each disappears when it has not changed for a while. */
export class RecentLines {
  readonly #changed = new Map<string, { readonly text: string; readonly atMs: number }>();

  /**
   * The lines to show now.
   *
   * @param count at most this many
   * @param language what to show translations in; undefined or empty: the original
   */
  of(segments: readonly Segment[], count: number, language: string | undefined, nowMs: number): CaptionLine[] {
    const lines = lastWithText(segments, count).map((segment) => ({ segment, ...textOf(segment, language) }));
    const ids = new Set(lines.map(({ segment }) => segment.segmentId));
    for (const id of this.#changed.keys()) if (!ids.has(id)) this.#changed.delete(id);
    return lines.filter(({ segment: { segmentId }, text }) => {
      const known = this.#changed.get(segmentId);
      const atMs = known?.text === text ? known.atMs : nowMs;
      this.#changed.set(segmentId, { text, atMs });
      return nowMs - atMs < SHOWN_MS;
    });
  }
}

function lastWithText(segments: readonly Segment[], count: number): Segment[] {
  const last: Segment[] = [];
  for (let at = segments.length - 1; at >= 0 && last.length < count; at -= 1) {
    const segment = segments[at]!;
    if (segment.text !== '') last.unshift(segment);
  }
  return last;
}
