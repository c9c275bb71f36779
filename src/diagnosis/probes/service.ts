import { AccessToken } from 'livekit-server-sdk';
import { z } from 'zod';
import type { LiveKitConfig } from '../../config/namespaces.js';
import type { Outcome } from '../check.js';
import type { Outcomes } from '../checks.js';
import { networkFault, type Fault } from './network-fault.js';

const TOKEN_TTL_S = 120;
const MOST_SESSIONS = 20;
const PROBE_WITHIN_MS = 8_000;
const ANSWER_WITHIN_MS = 30_000;

const factsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));
const partSchema = z.object({ finding: z.string(), facts: factsSchema.optional() });
const diagnosisSchema = z.object({
  checks: z.array(partSchema.extend({ id: z.string(), parts: z.array(partSchema).optional() })),
});
const sessionsSchema = z.array(z.object({ id: z.string(), status: z.string() }));

/** What the doctor found at the address of the service: itself, or why not. */
export type ServiceFinding =
  'runs' | 'not-running' | 'not-there' | 'not-running-port-taken' | 'not-ready' | 'other-variables' | 'silent';

/** The service as the doctor sees it from beside: asked over HTTP, with a token of its own making. */
export class RunningService {
  #sessions: readonly string[] = [];

  constructor(
    private readonly url: string,
    private readonly config: LiveKitConfig,
  ) {}

  /** Where its gateway is, past every proxy. */
  get gatewayUrl(): string {
    return `${this.url.replace(/^http/, 'ws')}/egress/audio`;
  }

  async find(): Promise<ServiceFinding> {
    const alive = await get(`${this.url}/health/live`);
    if (!isAnswer(alive)) return alive.fault === 'timeout' ? 'silent' : 'not-running';
    if (alive.status !== 200 || !alive.body.includes('"status"')) return 'not-running-port-taken';
    const list = await this.#get(`/sessions?status=live&limit=${MOST_SESSIONS}`);
    if (!isAnswer(list)) return 'silent';
    if (list.status === 401) return 'other-variables';
    this.#sessions = liveIn(list);
    const ready = await get(`${this.url}/health/ready`);
    return isAnswer(ready) && ready.status === 503 ? 'not-ready' : 'runs';
  }

  /** The rows of its live sessions, or of one; each names the session that it is about. */
  async sessions(only?: string): Promise<Outcomes[]> {
    const ids = only === undefined ? this.#sessions.slice(0, MOST_SESSIONS) : [only];
    const diagnoses = await Promise.all(ids.map((id) => this.#diagnosis(id)));
    return diagnoses.filter((diagnosis) => diagnosis !== undefined);
  }

  async #diagnosis(sessionId: string): Promise<Outcomes | undefined> {
    const reply = await this.#get(`/sessions/${encodeURIComponent(sessionId)}/diagnosis`);
    if (!isAnswer(reply) || reply.status !== 200) return undefined;
    const diagnosis = read(diagnosisSchema, reply.body);
    return diagnosis && new Map(diagnosis.checks.map((row) => [row.id, outcomeOf(row, sessionId)]));
  }

  async #get(path: string): Promise<Answer | Fault> {
    const { apiKey, apiSecret } = this.config;
    const access = new AccessToken(apiKey, apiSecret, { ttl: TOKEN_TTL_S });
    access.addGrant({ roomCreate: true });
    const headers = { Authorization: `Bearer ${await access.toJwt()}` };
    return get(`${this.url}${path}`, headers, ANSWER_WITHIN_MS);
  }
}

function liveIn({ status, body }: Answer): string[] {
  if (status !== 200) return [];
  const sessions = read(sessionsSchema, body) ?? [];
  return sessions.filter((session) => session.status === 'live').map(({ id }) => id);
}

type Row = z.infer<typeof diagnosisSchema>['checks'][number];

/** Findings are only names here: the service may be of another version. */
function outcomeOf({ finding, facts, parts }: Row, sessionId: string): Outcome {
  const about = ({ finding, facts }: z.infer<typeof partSchema>): Outcome => ({
    finding,
    facts: { sessionId, ...facts },
  });
  return { ...about({ finding, facts }), ...(parts && { parts: parts.map(about) }) };
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

const isAnswer = (reply: object): reply is Answer => 'status' in reply;

/** Follows no redirect. Resolves with a fault where nothing is answered; never rejects. */
async function get(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  withinMs = PROBE_WITHIN_MS,
): Promise<Answer | Fault> {
  try {
    const signal = AbortSignal.timeout(withinMs);
    const response = await fetch(url, { redirect: 'manual', headers, signal });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return networkFault(error);
  }
}

/** What a body says, where it is JSON of this form. */
function read<T>(schema: z.ZodType<T>, body: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
