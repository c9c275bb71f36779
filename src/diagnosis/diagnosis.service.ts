import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ReachabilityProbe } from '../livekit/reachability-probe.js';
import { Drain } from '../sessions/drain.port.js';
import type { SessionEntry, SessionStatus } from '../sessions/session-directory.port.js';
import type { Outcome } from './check.js';
import { CHECKS } from './checks.js';
import { Deployment } from './deployment.js';
import { examineDeployment, examineSession } from './examination.js';
import { SessionExaminer } from './session-examiner.js';
import { judge, type Outcomes, type Verdict } from './verdict.js';

/** The diagnosis of one session. */
export interface Diagnosis {
  readonly sessionId: string;
  readonly status: SessionStatus;
  /** The rows that are broken, the first to be mended first. */
  readonly broken: readonly string[];
  readonly checks: readonly Verdict[];
}

/** Anybody who may read a session may ask, so what is asked outside is asked no more often than this. */
const FRESH_MS = 10_000;

/** Looks at the deployment and at one of its sessions from inside. */
@Injectable()
export class DiagnosisService {
  #last: { readonly atMs: number; readonly outcomes: Promise<Outcomes> } | undefined;

  constructor(
    private readonly config: Config,
    private readonly probe: ReachabilityProbe,
    private readonly examiner: SessionExaminer,
    private readonly drain: Drain,
  ) {}

  async diagnose(session: SessionEntry): Promise<Diagnosis> {
    const [house, facts] = await Promise.all([this.#deployment(), this.examiner.examine(session)]);
    const running: Outcome = { finding: this.drain.draining ? 'not-ready' : 'runs' };
    const checks = judge(CHECKS, house, new Map([['service', running]]), examineSession(CHECKS, facts));
    const broken = checks.filter(({ state }) => state === 'broken').map(({ id }) => id);
    return { sessionId: session.id, status: session.status, broken, checks };
  }

  #deployment(): Promise<Outcomes> {
    const nowMs = performance.now();
    if (this.#last === undefined || nowMs - this.#last.atMs > FRESH_MS) {
      const deployment = new Deployment(this.config, this.probe, { kind: 'this-process' });
      this.#last = { atMs: nowMs, outcomes: examineDeployment(CHECKS, deployment) };
    }
    return this.#last.outcomes;
  }
}
