import { errorKind } from '../logging/error-kind.js';
import type { Check, Outcome } from './check.js';
import type { Deployment } from './deployment.js';
import type { SessionFacts } from './session-facts.js';
import type { Outcomes } from './verdict.js';

/** Asks every row that needs no session, all at once. Never rejects. */
export async function examineDeployment(checks: readonly Check[], deployment: Deployment): Promise<Outcomes> {
  const asked = checks.flatMap(({ id, ofDeployment }) => {
    if (ofDeployment === undefined) return [];
    const look = ofDeployment(deployment).catch((error: unknown): Outcome => failed(error));
    return [look.then((outcome) => [id, outcome] as const)];
  });
  return new Map(await Promise.all(asked));
}

/** Reads every row that speaks of sessions. */
export function examineSession(checks: readonly Check[], session: SessionFacts): Outcomes {
  return new Map(
    checks.flatMap(({ id, ofSession }) => {
      if (ofSession === undefined) return [];
      return [[id, session.isLive ? ofSession(session) : { finding: 'session-over' }] as const];
    }),
  );
}

const failed = (error: unknown): Outcome => ({ finding: 'look-failed', facts: { code: errorKind(error) } });
