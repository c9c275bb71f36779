import type { Config } from '../config/config.js';
import { ConfigError } from '../config/parse-config.js';
import { ReachabilityProbe } from '../livekit/reachability-probe.js';
import { worstOf, type Check, type Outcome } from './check.js';
import { CHECKS, resultsOf, runDeploymentChecks, type CheckResult, type Outcomes } from './checks.js';
import { Deployment, type Listener } from './deployment.js';
import { parseOptions, reportText, USAGE, UsageError, type DoctorOptions } from './doctor-cli.js';
import { RunningService, type ServiceFinding } from './probes/service.js';
import { PlaceholderServer } from './probes/websocket.js';

export interface DoctorCall {
  readonly args: readonly string[];
  /** @throws ConfigError */
  readonly readConfig: () => Config;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

const [FINE, BROKEN, WRONG_USAGE] = [0, 1, 2];

/** `npm run doctor`. Resolves with the exit code: 0 nothing is broken, 1 something is, 2 the arguments are wrong. */
export async function runDoctor({ args, readConfig, print, complain }: DoctorCall): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options.help) {
      print(USAGE);
      return FINE;
    }
    const checks = await resultsFor(readConfig, options);
    const broken = checks.filter(({ state }) => state === 'broken').map(({ id }) => id);
    print(options.json ? JSON.stringify({ broken, checks }, undefined, 2) : reportText(checks));
    return broken.length === 0 ? FINE : BROKEN;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(`${error.message}\n\n${USAGE}`);
    return WRONG_USAGE;
  }
}

async function resultsFor(readConfig: () => Config, options: DoctorOptions): Promise<CheckResult[]> {
  try {
    return await runChecks(readConfig(), options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const after = new Map(CHECKS.map(({ id }): [string, Outcome] => [id, { finding: 'after-variables' }]));
    const wrong = { finding: 'wrong', facts: { problems: error.problems } } as Outcome;
    return resultsOf(CHECKS, after.set('variables', wrong));
  }
}

async function runChecks(config: Config, options: DoctorOptions): Promise<CheckResult[]> {
  const reachProbe = new ReachabilityProbe(config.livekit);
  const service = new RunningService(options.service ?? `http://127.0.0.1:${config.http.port}`, config.livekit);
  const seen = await service.find();
  const mayListen = seen === 'not-running' && options.service === undefined && config.http.port > 0;
  const placeholder = mayListen ? await PlaceholderServer.open(config.http.port, reachProbe) : undefined;
  const found = mayListen && placeholder === undefined ? 'not-running-port-taken' : asGiven(seen, options);
  try {
    const deployment = new Deployment(config, reachProbe, listenerOf(found, service, placeholder), options);
    const runs = found === 'runs' || found === 'not-ready';
    const [deploymentOutcomes, sessions] = await Promise.all([
      runDeploymentChecks(CHECKS, deployment),
      runs ? service.sessions(options.session) : undefined,
    ]);
    return resultsOf(CHECKS, deploymentOutcomes, new Map([['service', { finding: found }]]), ofSessions(sessions));
  } finally {
    await placeholder?.close();
  }
}

const asGiven = (seen: ServiceFinding, { service }: DoctorOptions): ServiceFinding =>
  seen === 'not-running' && service !== undefined ? 'not-there' : seen;

function listenerOf(
  found: ServiceFinding,
  service: RunningService,
  placeholder: PlaceholderServer | undefined,
): Listener {
  if (placeholder !== undefined) return { kind: 'this-process' };
  return found === 'runs' || found === 'not-ready'
    ? { kind: 'service', gatewayUrl: service.gatewayUrl }
    : { kind: 'none' };
}

/** What the live sessions say, one outcome a row. @param sessions undefined: the service could not be asked */
function ofSessions(sessions: readonly Outcomes[] | undefined): Outcomes {
  if (sessions === undefined) return new Map();
  const rows = CHECKS.filter(({ ofSession }) => ofSession !== undefined);
  return new Map(rows.map((check) => [check.id, ofRow(check, sessions) ?? { finding: 'needs-session' }]));
}

function ofRow(check: Check, sessions: readonly Outcomes[]): Outcome | undefined {
  const outcomes = sessions.flatMap((outcomes) => outcomes.get(check.id) ?? []);
  const [only] = outcomes;
  if (outcomes.length === 1) return only;
  return worstOf(
    check,
    outcomes.flatMap((outcome) => outcome.parts ?? [outcome]),
  );
}
