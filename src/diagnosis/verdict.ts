import { COMMON_FINDINGS, type Check, type Facts, type Finding, type Outcome, type State } from './check.js';

/** One row of a diagnosis, as `--json` and `GET /sessions/{id}/diagnosis` give it. */
export interface Verdict {
  readonly id: string;
  readonly leg: string;
  readonly question: string;
  readonly state: State;
  readonly finding: string;
  readonly meaning: string;
  readonly remedy?: string;
  readonly facts?: Facts;
  /** Where the row speaks of several, each of them; the row itself is as bad as the worst. */
  readonly parts?: readonly Omit<Verdict, 'id' | 'leg' | 'question' | 'parts'>[];
}

/** From well to worst. */
const RANK: readonly State[] = ['skipped', 'ok', 'unknown', 'broken'];

/** By the id of the row. A row that could not be asked there is missing. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/** One verdict a row, in the order of the table, and of several outcomes by the worst. */
export function judge(checks: readonly Check[], ...looks: readonly Outcomes[]): Verdict[] {
  return checks.map((check) => {
    const [first, ...rest] = looks.flatMap((outcomes) => outcomes.get(check.id) ?? []);
    return verdictOf(check, worstOf(check, [first ?? { finding: 'needs-service' }, ...rest]));
  });
}

/** Puts an outcome into the words of its row. */
function verdictOf(check: Check, outcome: Outcome): Verdict {
  const { id, leg, question } = check;
  const parts = outcome.parts?.map((part) => worded(check, part));
  return { id, leg, question, ...worded(check, outcome), ...(parts && parts.length > 0 && { parts }) };
}

/** Of several outcomes the worst; of equals the last, which was looked at from nearer. */
function worstOf<K extends string>(check: Check<K>, outcomes: readonly [Outcome<K>, ...Outcome<K>[]]): Outcome<K> {
  const rankOf = (outcome: Outcome<K>): number => RANK.indexOf(findingOf(check, outcome.finding).state);
  return outcomes.reduce((worst, each) => (rankOf(each) >= rankOf(worst) ? each : worst));
}

/** One outcome of several tracks or sessions: as bad as the worst of them. Undefined where there is none. */
export function summed<K extends string>(check: Check<K>, parts: readonly Outcome<K>[]): Outcome<K> | undefined {
  const [first, ...rest] = parts;
  if (first === undefined) return undefined;
  return { finding: worstOf(check, [first, ...rest]).finding, parts };
}

function worded(check: Check, { finding, facts }: Outcome): Finding & { finding: string; facts?: Facts } {
  return { finding, ...findingOf(check, finding), ...(facts && { facts }) };
}

function findingOf({ findings }: Pick<Check, 'findings'>, finding: string): Finding {
  const known: Readonly<Record<string, Finding>> = { ...COMMON_FINDINGS, ...findings };
  return known[finding] ?? COMMON_FINDINGS['look-failed'];
}
