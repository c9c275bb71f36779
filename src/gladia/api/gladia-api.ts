import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { LiveV2InitRequest } from '@gladiaio/sdk';
import { errorKind } from '../../logging/error-kind.js';
import { errorOfStatus, GladiaError } from './gladia-error.js';
import { GladiaSettings } from './gladia-settings.js';
import { transcriptionSchema, type GladiaUtterance } from './gladia-utterance.js';
import { socketUrl } from './socket-url.js';

export interface CreatedSession {
  readonly id: string;
  /** Where to connect. Holds a token: never log it. */
  readonly url: string;
}

/** What a session produced. `pending`: not processed yet, fetch it again later. */
export interface SessionResult {
  readonly status: 'pending' | 'done' | 'failed';
  readonly utterances: readonly GladiaUtterance[];
  readonly translations: readonly TranslatedUtterance[];
  /** Empty where none was requested. */
  readonly summary: string;
}

export interface TranslatedUtterance {
  readonly language: string;
  readonly utterance: GladiaUtterance;
}

export const NO_RESULT: SessionResult = { status: 'pending', utterances: [], translations: [], summary: '' };

/** Gladia’s own words about our request are shown, within limits. */
const MAX_PROBLEMS = 5;
const MAX_PROBLEM_LENGTH = 200;

const createdSchema = z.object({ id: z.string().min(1), url: z.string().min(1) });
const problemsSchema = z.object({ validation_errors: z.array(z.string()) });
const translationsSchema = z
  .object({ results: z.array(z.object({ languages: z.array(z.string()), utterances: z.array(z.unknown()) })) })
  .transform(({ results }) =>
    results.flatMap(({ languages: [language = ''], utterances }) =>
      transcriptionSchema.parse({ utterances }).utterances.map((utterance) => ({ language, utterance })),
    ),
  )
  .nullish()
  .catch(null);
const listSchema = z.object({
  items: z.array(
    z.object({ id: z.string(), custom_metadata: z.looseObject({ sessionId: z.unknown() }).nullish().catch(null) }),
  ),
});
const resultSchema = z.object({
  status: z.string(),
  result: z
    .object({
      transcription: transcriptionSchema.nullish(),
      translation: translationsSchema,
      summarization: z.object({ results: z.string() }).nullish().catch(null),
    })
    .nullish(),
});

/** Gladia's HTTP API for live sessions, version 2. Every method rejects with a `GladiaError`; nothing is retried here. */
@Injectable()
export class GladiaApi {
  constructor(private readonly settings: GladiaSettings) {}

  async createSession(
    request: LiveV2InitRequest,
    signal: AbortSignal,
    region = this.settings.account.region,
  ): Promise<CreatedSession> {
    const { apiUrl, socketHosts = [] } = this.settings.account;
    const query = region === undefined ? '' : `?region=${encodeURIComponent(region)}`;
    const response = await this.#call('POST', `/v2/live${query}`, signal, JSON.stringify(request));
    const created = createdSchema.safeParse(await json(response));
    if (!created.success) throw new GladiaError('unavailable', 'Gladia answered without a session');
    return { id: created.data.id, url: socketUrl(created.data.url, apiUrl, socketHosts) };
  }

  async result(id: string, signal: AbortSignal): Promise<SessionResult> {
    const response = await this.#call('GET', `/v2/live/${encodeURIComponent(id)}`, signal);
    const parsed = resultSchema.safeParse(await json(response));
    if (!parsed.success) throw new GladiaError('unavailable', 'Gladia answered with a result that cannot be read');
    const { status, result } = parsed.data;
    if (status !== 'done' && status !== 'error') return NO_RESULT;
    return {
      status: status === 'done' ? 'done' : 'failed',
      utterances: result?.transcription?.utterances ?? [],
      translations: result?.translation ?? [],
      summary: result?.summarization?.results ?? '',
    };
  }

  /** Deletes a session with its audio and text. Refused until post-processing is over. */
  async deleteSession(id: string, signal: AbortSignal): Promise<void> {
    await this.#call('DELETE', `/v2/live/${encodeURIComponent(id)}`, signal);
  }

  /** Gladia's ids of the sessions that were created for one of ours and never used. */
  async sessionsOf(sessionId: string, signal: AbortSignal): Promise<string[]> {
    const response = await this.#call('GET', '/v2/live?status=queued&limit=100', signal);
    const parsed = listSchema.safeParse(await json(response));
    if (!parsed.success) throw new GladiaError('unavailable', 'Gladia answered with a list that cannot be read');
    return parsed.data.items.filter((item) => item.custom_metadata?.sessionId === sessionId).map(({ id }) => id);
  }

  /** The smallest request there is, to see whether Gladia answers and accepts the key. */
  async probe(signal: AbortSignal): Promise<void> {
    await json(await this.#call('GET', '/v2/live?limit=1', signal));
  }

  async #call(method: string, path: string, signal: AbortSignal, body?: string): Promise<Response> {
    const { apiKey, apiUrl } = this.settings.account;
    const deadline = AbortSignal.timeout(this.settings.timings.requestTimeoutMs);
    try {
      const response = await fetch(new URL(path, apiUrl), {
        method,
        headers: { 'x-gladia-key': apiKey, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body }),
        redirect: 'manual',
        signal: AbortSignal.any([signal, deadline]),
      });
      if (response.ok) return response;
      throw errorOfStatus(response.status, response.headers.get('retry-after'), await problemsIn(response));
    } catch (error) {
      if (error instanceof GladiaError) throw error;
      throw GladiaError.unreachable(`Gladia cannot be reached (${errorKind(error)})`, error);
    }
  }
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    const reason = `Gladia’s answer cannot be read (${errorKind(error)})`;
    if ((error as Error).name === 'SyntaxError') throw new GladiaError('unavailable', reason);
    throw GladiaError.unreachable(reason, error);
  }
}

async function problemsIn(response: Response): Promise<readonly string[]> {
  const parsed = problemsSchema.safeParse(await response.json().catch(() => undefined));
  const problems = parsed.success ? parsed.data.validation_errors : [];
  return problems.slice(0, MAX_PROBLEMS).map((problem) => problem.slice(0, MAX_PROBLEM_LENGTH));
}
