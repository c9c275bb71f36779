/** The words of a segment that are not published yet: from the first to the one after the last. */
export interface UnpublishedPart {
  readonly from: number;
  readonly to: number;
}

/** A single common word at an edge proves nothing. */
const LEAST_AT_AN_EDGE = 2;
/** Two recognisers may differ in so many words in a row and yet mean the same sentence. */
const MISRECOGNISED = 2;
const REPEATED_SHARE = 0.5;

/**
 * What is left of a segment of which some words were published before. Where the other side began or ended in its middle,
 * the words at that edge go. Where only a word or two are left, they were recognised differently, and nothing is left.
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

/** How many words at the beginning were published, but for a few that were recognised differently. */
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
