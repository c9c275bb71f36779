import type { LiveKitSandbox } from '../../libs/sandbox/livekit/livekit-sandbox.js';

/** What the tests read of a `livekit.EgressInfo`. */
export interface EgressInfo {
  readonly egressId: string;
  /** Absent while it is `EGRESS_STARTING`. */
  readonly status?: string;
  readonly streamResults: readonly [{ readonly url: string; /** Nanoseconds. */ readonly startedAt: string }];
}

export const runningEgresses = ({ egress }: LiveKitSandbox): EgressInfo[] => egress.running() as EgressInfo[];

/** Tracks that more than one running egress carries. */
export function tracksWithTwoEgresses(livekit: LiveKitSandbox): string[] {
  const sids = runningEgresses(livekit).flatMap(trackSidsOf);
  return [...new Set(sids.filter((sid, n) => sids.indexOf(sid) !== n))];
}

/** When each track's socket was first opened after `sinceMs`, by track SID. */
export function openedSince({ egress }: LiveKitSandbox, sinceMs: number): Map<string, number> {
  const openedMs = new Map<string, number>();
  for (const info of egress.list({}) as EgressInfo[]) {
    const atMs = Number(BigInt(info.streamResults[0].startedAt) / 1_000_000n);
    if (atMs <= sinceMs || (info.status ?? 'EGRESS_STARTING') === 'EGRESS_STARTING') continue;
    for (const sid of trackSidsOf(info)) openedMs.set(sid, Math.min(atMs, openedMs.get(sid) ?? Infinity));
  }
  return openedMs;
}

/** The URL of an egress ends with the tracks that it carries. */
const trackSidsOf = ({ streamResults: [{ url }] }: EgressInfo): string[] =>
  decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '').split(',');
