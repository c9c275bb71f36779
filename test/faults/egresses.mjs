/** What the stand-in knows of an egress, as far as the tests ask. */
const trackSidsOf = ({ streamResults: [{ url }] }) =>
  decodeURIComponent(new URL(url).pathname.split('/').at(-1)).split(',');

/** Tracks that more than one running egress carries. */
export function carriedTwice(livekit) {
  const sids = livekit.egress.running().flatMap(trackSidsOf);
  return [...new Set(sids.filter((sid, n) => sids.indexOf(sid) !== n))];
}

/** When each track's socket was first opened after `sinceMs`, by track. */
export function openedSince(livekit, sinceMs) {
  const opened = new Map();
  for (const info of livekit.egress.list({})) {
    const atMs = Number(BigInt(info.streamResults[0].startedAt) / 1_000_000n);
    if (atMs <= sinceMs || (info.status ?? 'EGRESS_STARTING') === 'EGRESS_STARTING') continue;
    for (const sid of trackSidsOf(info)) opened.set(sid, Math.min(atMs, opened.get(sid) ?? Infinity));
  }
  return opened;
}
