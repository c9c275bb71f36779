import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ReachabilityProbe } from '../livekit/reachability-probe.js';
import { Drain } from '../sessions/drain.port.js';
import type { SessionEntry } from '../sessions/session-directory.port.js';
import type { Outcome } from './check.js';
import { CHECKS, resultsOf, runDeploymentChecks, runSessionChecks, type Outcomes } from './checks.js';
import { Deployment, DEPLOYMENT_CONFIG, type DeploymentConfig } from './deployment.js';
import { SessionInspector } from './session-inspector.js';

const finding = {
  state: z.enum(['ok', 'skipped', 'unknown', 'broken']),
  finding: z.string().meta({ description: 'A name that stays the same' }),
  meaning: z.string(),
  remedy: z.string().optional(),
  facts: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()).readonly()]))
    .optional(),
};
const checkSchema = z
  .object({
    id: z.string(),
    leg: z.string(),
    question: z.string(),
    ...finding,
    parts: z
      .array(z.object(finding))
      .readonly()
      .optional()
      .meta({ description: 'Where the row speaks of several, each of them' }),
  })
  .meta({ id: 'DiagnosisCheck' });

/** The diagnosis of one session. */
export const diagnosisSchema = z
  .object({
    sessionId: z.string(),
    status: z.enum(['created', 'live', 'ending', 'ended']),
    broken: z.array(z.string()).meta({ description: 'The ids of the checks that failed, the first is the one to fix' }),
    checks: z.array(checkSchema),
  })
  .meta({ id: 'Diagnosis' });

export type Diagnosis = z.infer<typeof diagnosisSchema>;

/** Anybody who may read a session may ask, so the deployment is probed no more often than this. */
const FRESH_MS = 10_000;

/** Checks the deployment and one of its sessions from inside. */
@Injectable()
export class DiagnosisService {
  #last: { readonly atMs: number; readonly outcomes: Promise<Outcomes> } | undefined;

  constructor(
    @Inject(DEPLOYMENT_CONFIG) private readonly config: DeploymentConfig,
    private readonly reachProbe: ReachabilityProbe,
    private readonly inspector: SessionInspector,
    private readonly drain: Drain,
  ) {}

  async diagnose(session: SessionEntry): Promise<Diagnosis> {
    const [deployment, snapshot] = await Promise.all([this.#deployment(), this.inspector.inspect(session)]);
    const running: Outcome = { finding: this.drain.draining ? 'not-ready' : 'runs' };
    const checks = resultsOf(CHECKS, deployment, new Map([['service', running]]), runSessionChecks(CHECKS, snapshot));
    const broken = checks.filter(({ state }) => state === 'broken').map(({ id }) => id);
    return { sessionId: session.id, status: session.status, broken, checks };
  }

  #deployment(): Promise<Outcomes> {
    const nowMs = performance.now();
    if (this.#last === undefined || nowMs - this.#last.atMs > FRESH_MS) {
      const deployment = new Deployment(this.config, this.reachProbe, { kind: 'this-process' });
      this.#last = { atMs: nowMs, outcomes: runDeploymentChecks(CHECKS, deployment) };
    }
    return this.#last.outcomes;
  }
}
