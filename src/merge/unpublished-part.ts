/** The words of a segment that are not published yet: `from` inclusive, `to` exclusive. */
export interface UnpublishedPart {
  readonly from: number;
  readonly to: number;
}

/** A single common word at the edge of a segment may be coincidence. */
const LEAST_AT_AN_EDGE = 2;
/** Two recognisers may differ in this many words in a row within the same sentence. */
const MISRECOGNISED = 2;
const REPEATED_SHARE = 0.5;

/**
 * The part of a segment that is not published yet; undefined where nothing is left. Published words at the beginning and the
 * end are removed. When only one or two words remain, they are the same words, recognised differently, and nothing is left.
 */
export function unpublishedPart(published: readonly boolean[]): UnpublishedPart | undefined {
  const count = published.filter(Boolean).length;
  if (count === 0) return { from: 0, to: published.length };
  const from = edge(published);
  const to = published.length - edge(published.toReversed());
  const left = published.slice(from, to).filter((isPublished) => !isPublished).length;
  const isRepeated = from >= to || (left <= MISRECOGNISED && count >= published.length * REPEATED_SHARE);
  return isRepeated ? undefined : { from, to };
}

/** How many words at the beginning were published, apart from a few that were recognised differently. */
function edge(published: readonly boolean[]): number {
  let end = 0;
  let found = 0;
  for (const [index, isPublished] of published.entries()) {
    if (isPublished) {
      found += 1;
      end = index + 1;
    } else if (index - end >= MISRECOGNISED) break;
  }
  return found >= Math.min(LEAST_AT_AN_EDGE, published.length) ? end : 0;
}
