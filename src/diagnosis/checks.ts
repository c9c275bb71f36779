import { errorKind } from '../logging/error-kind.js';
import { findingOf, worse, type Check, type Facts, type Finding, type Outcome, type State } from './check.js';
import { dataChannel, firstTranscript } from './checks/delivery.js';
import { egressAddress } from './checks/egress-address.js';
import { egressApi, egressStart } from './checks/egress.js';
import { gladiaKey, gladiaSession, gladiaSlot } from './checks/gladia.js';
import { leftOut } from './checks/left-out.js';
import { livekitKey, livekitReachable, webhooks } from './checks/livekit.js';
import { service, variables } from './checks/service.js';
import { sound } from './checks/sound.js';
import type { Deployment } from './deployment.js';
import type { SessionSnapshot } from './session-snapshot.js';

/**
 * The table: every row, in the order in which sound becomes words, so that the first broken one is the one to fix. The
 * doctor, `GET /sessions/{id}/diagnosis` and docs/troubleshooting.md are all made from it.
 */
export const CHECKS: readonly Check[] = [
  variables,
  service,
  livekitReachable,
  livekitKey,
  webhooks,
  egressApi,
  egressStart,
  egressAddress,
  sound,
  leftOut,
  gladiaKey,
  gladiaSlot,
  gladiaSession,
  dataChannel,
  firstTranscript,
];

/** By the id of the row. A row that could not be asked there is missing. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/** One row of a diagnosis, as `--json` and `GET /sessions/{id}/diagnosis` give it. */
export interface CheckResult {
  readonly id: string;
  readonly leg: string;
  readonly question: string;
  readonly state: State;
  readonly finding: string;
  readonly meaning: string;
  readonly remedy?: string;
  readonly facts?: Facts;
  /** Where the row is about several, each of them; the row itself is as bad as the worst. */
  readonly parts?: readonly Omit<CheckResult, 'id' | 'leg' | 'question' | 'parts'>[];
}

/** Runs every check that needs no session, all at once. Never rejects. */
export async function runDeploymentChecks(checks: readonly Check[], deployment: Deployment): Promise<Outcomes> {
  const running = checks.flatMap(({ id, ofDeployment }) => {
    if (ofDeployment === undefined) return [];
    const outcome = ofDeployment(deployment).catch((error: unknown): Outcome => failed(error));
    return [outcome.then((settled) => [id, settled] as const)];
  });
  return new Map(await Promise.all(running));
}

/** Runs every check of a session. */
export function runSessionChecks(checks: readonly Check[], session: SessionSnapshot): Outcomes {
  return new Map(
    checks.flatMap(({ id, ofSession }) => {
      if (ofSession === undefined) return [];
      return [[id, session.isLive ? ofSession(session) : { finding: 'session-over' }] as const];
    }),
  );
}

/** One result a row, in the order of the table; where several runs came to an outcome of it, the worst. */
export function resultsOf(checks: readonly Check[], ...runs: readonly Outcomes[]): CheckResult[] {
  return checks.map((check) => {
    const [first, ...rest] = runs.flatMap((outcomes) => outcomes.get(check.id) ?? []);
    return resultOf(check, worse(check, [first ?? { finding: 'needs-service' }, ...rest]));
  });
}

/** Puts an outcome into the words of its row. */
function resultOf(check: Check, outcome: Outcome): CheckResult {
  const { id, leg, question } = check;
  const parts = outcome.parts?.map((part) => worded(check, part));
  return { id, leg, question, ...worded(check, outcome), ...(parts && parts.length > 0 && { parts }) };
}

function worded(check: Check, { finding, facts }: Outcome): Finding & { finding: string; facts?: Facts } {
  return { finding, ...findingOf(check, finding), ...(facts && { facts }) };
}

const failed = (error: unknown): Outcome => ({ finding: 'look-failed', facts: { code: errorKind(error) } });
