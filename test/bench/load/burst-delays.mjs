/** Longer than any delay that is of interest, shorter than what lies between two bursts. */
const LONGEST_MS = 305;

/**
 * For each burst: from when its frame was sent to when the chunk came that holds its first sample. Both clocks are the
 * machine's monotonic one.
 */
export function burstDelaysMs(bursts, onsets) {
  const delays = bursts.map(({ session, atNs }) => {
    const after = onsets.filter((onset) => onset.session === session).map((onset) => msBetween(atNs, onset.atNs));
    return Math.min(...after.filter((ms) => ms > 0));
  });
  return delays.filter((ms) => ms < LONGEST_MS);
}

const msBetween = (fromNs, toNs) => Number(BigInt(toNs) - BigInt(fromNs)) / 1e6;
