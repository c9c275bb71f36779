/** What of a segment the room has not read yet: by word, from the first to the one after the last. */
export interface UnpublishedPart {
  readonly from: number;
  readonly to: number;
}

/** A single common word at the seam proves nothing. */
const LEAST_AT_AN_EDGE = 2;
/** Two recognisers hear about so many words in a row differently and yet mean the same sentence. */
const MISHEARD = 2;
const REPEATED_SHARE = 0.5;

/**
 * What is left of a segment of which some words were read before. Where the other side began or ended in its middle, the
 * words at that edge go; where a word or two are left over, they were heard differently, and nothing is left.
 */
export function unpublishedPart(read: readonly boolean[]): UnpublishedPart | undefined {
  const count = read.filter(Boolean).length;
  if (count === 0) return { from: 0, to: read.length };
  const from = edge(read);
  const to = read.length - edge(read.toReversed());
  const left = read.slice(from, to).filter((isRead) => !isRead).length;
  const isRepeated = from >= to || (left <= MISHEARD && count >= read.length * REPEATED_SHARE);
  return isRepeated ? undefined : { from, to };
}

/** How many words at the beginning were read, but for a few that were heard differently. */
function edge(read: readonly boolean[]): number {
  let end = 0;
  let found = 0;
  for (const [index, isRead] of read.entries()) {
    if (isRead) {
      found += 1;
      end = index + 1;
    } else if (index - end >= MISHEARD) break;
  }
  return found >= Math.min(LEAST_AT_AN_EDGE, read.length) ? end : 0;
}
