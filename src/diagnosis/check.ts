import type { Deployment } from './deployment.js';
import type { SessionSnapshot } from './session-snapshot.js';

/** `skipped`: there was no reason to ask, or no way to; `unknown`: it was asked, and the answer decides nothing. */
export type State = 'ok' | 'skipped' | 'unknown' | 'broken';

/** One thing that may be found: what it means, and what to do about it. */
export interface Finding {
  readonly state: State;
  readonly meaning: string;
  readonly remedy?: string;
}

/** Plain numbers, codes and ids. No secret, no name, no word of a transcript. */
export type Facts = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What a check came to, before it is put into words. */
export interface Outcome<K extends string = string> {
  readonly finding: K | CommonFinding;
  readonly facts?: Facts;
  /** Where a row is about several: the outcome of each track, or of each session. */
  readonly parts?: readonly Outcome<K>[];
}

/** One row of the diagnosis: a question about one leg, all that may be found, and how to find it. */
export interface Check<K extends string = string> {
  readonly id: string;
  /** Which part of the way from a microphone to a transcript it is about. */
  readonly leg: string;
  readonly question: string;
  readonly findings: Readonly<Record<K, Finding>>;
  /** Probes what needs no session. Never rejects for what is outside. */
  readonly ofDeployment?: (deployment: Deployment) => Promise<Outcome<K>>;
  /** Reads it from what the service knows of a session. */
  readonly ofSession?: (session: SessionSnapshot) => Outcome<K>;
}

export type CommonFinding = keyof typeof COMMON_FINDINGS;

/** What may be found instead, in any row. */
export const COMMON_FINDINGS = {
  'after-variables': {
    state: 'skipped',
    meaning: 'Not asked, because the variables do not fit.',
    remedy: 'Fix the row `variables` first.',
  },
  'after-livekit': {
    state: 'skipped',
    meaning: 'Not asked, because LiveKit is not reachable or does not take the key.',
    remedy: 'Fix the rows `livekit-reachable` and `livekit-key` first.',
  },
  'needs-service': {
    state: 'skipped',
    meaning: 'Not asked, because only the running service knows, and it does not run or does not answer.',
    remedy: 'Start the service and run the doctor again.',
  },
  'needs-session': {
    state: 'skipped',
    meaning: 'Not asked, because no session is live.',
    remedy: 'Join a room with a microphone, and run the doctor while you talk.',
  },
  'session-over': {
    state: 'skipped',
    meaning: 'Not asked, because the session is not live.',
  },
  'not-used': {
    state: 'skipped',
    meaning: 'Not needed with this configuration.',
  },
  'not-asked': {
    state: 'skipped',
    meaning: 'Not asked, because it costs something; a flag of the doctor asks.',
  },
  'look-failed': {
    state: 'unknown',
    meaning: 'The check itself failed, for a reason that this page does not know.',
    remedy: 'Run it again; if it stays, report it with the code that is shown.',
  },
} satisfies Record<string, Finding>;

/** Keeps the names of a check's findings as types, so that no check can come to one that the table lacks. */
export const defineCheck = <K extends string>(check: Check<K>): Check<K> => check;

/** From best to worst. */
const RANK: readonly State[] = ['skipped', 'ok', 'unknown', 'broken'];

/** The worst of several outcomes of one row; of equals the last. */
export function worse<K extends string>(check: Check<K>, outcomes: readonly [Outcome<K>, ...Outcome<K>[]]): Outcome<K> {
  const rankOf = (outcome: Outcome<K>): number => RANK.indexOf(findingOf(check, outcome.finding).state);
  return outcomes.reduce((worst, each) => (rankOf(each) >= rankOf(worst) ? each : worst));
}

/** One outcome of several tracks or sessions: as bad as the worst of them. Undefined where there is none. */
export function worstOf<K extends string>(check: Check<K>, parts: readonly Outcome<K>[]): Outcome<K> | undefined {
  const [first, ...rest] = parts;
  return first && { finding: worse(check, [first, ...rest]).finding, parts };
}

/** What the table says of a finding. One that it lacks comes from a service of another version. */
export function findingOf({ findings }: Pick<Check, 'findings'>, finding: string): Finding {
  const known: Readonly<Record<string, Finding>> = { ...COMMON_FINDINGS, ...findings };
  return known[finding] ?? COMMON_FINDINGS['look-failed'];
}
