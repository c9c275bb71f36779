import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { retryAfterMs } from '../async/retry-after.js';
import { sleep } from '../async/sleep.js';
import { TokenBucket } from '../async/token-bucket.js';
import { livekitConfig, type LiveKitConfig } from '../config/namespaces.js';
import { Metrics } from '../metrics/metrics.js';

/** What may be spent at once, as a share of a minute. */
const BURST_SHARE = 1 / 4;
/** Used where LiveKit asks for a pause, and its length cannot be read or is 0. */
const LEAST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;
const TOO_MANY_REQUESTS = 429;

/** The part of Node's `undici:request:headers` event that is read here. */
interface FetchAnswer {
  readonly request: { readonly origin: string | URL };
  readonly response: { readonly statusCode: number; readonly headers: readonly Buffer[] };
}

/**
 * The LiveKit project's limit of API requests, shared by everything that asks LiveKit (`LIVEKIT_API_PER_MINUTE`). Finals,
 * starts and lists are always sent; interims become rarer as the budget runs short. When LiveKit answers 429, all of them wait
 * for as long as its `Retry-After` says.
 */
@Injectable()
export class ApiBudget implements OnModuleInit, OnModuleDestroy {
  /** Undefined where there is no limit. */
  readonly #bucket: TokenBucket | undefined;
  readonly #origin: string;
  readonly #refused: Counter;
  #pausedUntilMs = 0;
  readonly #stopped = new AbortController();

  constructor(@Inject(livekitConfig.KEY) { apiPerMinute, httpUrl }: LiveKitConfig, metrics: Metrics) {
    if (apiPerMinute > 0) {
      this.#bucket = new TokenBucket(apiPerMinute * BURST_SHARE, apiPerMinute / 60, performance.now());
    }
    this.#origin = new URL(httpUrl).origin;
    this.#refused = metrics.counter('livekit_api_refused_total', 'requests that LiveKit answered with 429');
    metrics.gauge('livekit_api_budget_ratio', 'share of the LiveKit API budget that is left, 0 to 1', () => this.share);
  }

  /** The SDK's clients do not hand out the headers of an answer; Node reports those of every `fetch`. */
  onModuleInit(): void {
    subscribe('undici:request:headers', this.#onFetchAnswer);
  }

  onModuleDestroy(): void {
    unsubscribe('undici:request:headers', this.#onFetchAnswer);
    this.#stopped.abort();
  }

  /** The share of the budget that is left, 0 to 1. */
  get share(): number {
    return this.#bucket?.share(performance.now()) ?? 1;
  }

  /** For how long LiveKit still wants no requests; 0 when it takes them. */
  get pauseMs(): number {
    return Math.max(0, this.#pausedUntilMs - performance.now());
  }

  /** Resolves when LiveKit takes requests, or the service stops. Never rejects. */
  async ready(): Promise<void> {
    while (this.pauseMs > 0 && !this.#stopped.signal.aborted) await sleep(this.pauseMs, this.#stopped.signal);
  }

  /** Counts a request that was answered. @param retryAfter the header of that name: seconds, or an HTTP date */
  answered(status: number, retryAfter?: string): void {
    this.#bucket?.spend(performance.now());
    if (status !== TOO_MANY_REQUESTS) return;
    this.#refused.inc();
    if (retryAfter === undefined) return;
    const pauseMs = Math.min(retryAfterMs(retryAfter) || LEAST_PAUSE_MS, MAX_PAUSE_MS);
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, performance.now() + pauseMs);
  }

  readonly #onFetchAnswer = (event: unknown): void => {
    const { request, response } = event as FetchAnswer;
    if (String(request.origin) === this.#origin) this.answered(response.statusCode, retryAfterOf(response.headers));
  };
}

/** @param headers names and values by turns */
function retryAfterOf(headers: readonly Buffer[]): string | undefined {
  const at = headers.findIndex((name, index) => index % 2 === 0 && String(name).toLowerCase() === 'retry-after');
  return at < 0 ? undefined : headers[at + 1]?.toString();
}
