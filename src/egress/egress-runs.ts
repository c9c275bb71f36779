import type { ShownTrackState } from '../media/track-state.js';
import type { EgressTicket } from './egress-connections.port.js';
import type { ListedEgress } from './egress-api.js';
import type { EgressRun } from './egress-run.js';
import type { EgressRunState } from './egress-run-status.js';

/** The egress runs of this process, found by session, address, attempt or LiveKit's id. */
export class EgressRuns {
  readonly #bySession = new Map<string, Set<EgressRun>>();
  /** Of the runs that have ended. */
  #endedRestarts = 0;

  add(sessionId: string, run: EgressRun): void {
    const runs = this.#bySession.get(sessionId) ?? new Set();
    this.#bySession.set(sessionId, runs.add(run));
    void run.ended.then(() => {
      this.#endedRestarts += run.report.restarts ?? 0;
      runs.delete(run);
      if (runs.size === 0 && this.#bySession.get(sessionId) === runs) this.#bySession.delete(sessionId);
    });
  }

  /** How often a stream was lost and started again, in all. */
  get restarts(): number {
    return this.all().reduce((sum, { report }) => sum + (report.restarts ?? 0), this.#endedRestarts);
  }

  get sessionIds(): string[] {
    return [...this.#bySession.keys()];
  }

  all(): EgressRun[] {
    return [...this.#bySession.values()].flatMap((runs) => [...runs]);
  }

  ofSession(sessionId: string): EgressRun[] {
    return [...(this.#bySession.get(sessionId) ?? [])];
  }

  /** Those with the same WebSocket address, the newest last: one may still drain while its successor waits. */
  ofPath(sessionId: string, path: string): EgressRun[] {
    return this.ofSession(sessionId).filter((run) => run.path === path);
  }

  ofTicket({ sessionId, attempt }: EgressTicket): EgressRun | undefined {
    return this.ofSession(sessionId).find((run) => run.isCurrent(attempt));
  }

  includes({ egressId, url }: ListedEgress): boolean {
    const path = url.split('?', 1)[0] ?? '';
    return this.all().some((run) => run.owns(egressId, path));
  }

  /** By state, for health. */
  states(): Partial<Record<EgressRunState, number>> {
    const counts: Partial<Record<EgressRunState, number>> = {};
    for (const { report } of this.all()) counts[report.state] = (counts[report.state] ?? 0) + 1;
    return counts;
  }

  /** What is reported of each track of a session; of two runs with one track, that of the run that receives it. */
  reports(sessionId: string): ReadonlyMap<string, ShownTrackState> {
    const runs = this.ofSession(sessionId).sort((a, b) => priority(a) - priority(b));
    return new Map(runs.flatMap((run) => run.trackSids.map((trackSid) => [trackSid, run.report] as const)));
  }
}

const priority = (run: EgressRun): number => (run.receiving && !run.closing ? 2 : run.closing ? 0 : 1);
