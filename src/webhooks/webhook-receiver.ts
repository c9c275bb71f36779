import { retryAfterMs } from '../async/retry-after.js';
import { errorKind } from '../logging/error-kind.js';
import { signatureHeaders } from './webhook-signature.js';

const ANSWER_WITHIN_MS = 10_000;

/** `refused`: the receiver will not take this message; `away`: it may take it later; `gone`: it wants no more of them. */
export type WebhookOutcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused' | 'away'; readonly reason: string; readonly retryAfterMs: number };

/** What is sent: the body of a webhook, without its time of sending. */
export interface WebhookEvent {
  /** The same each time it is sent, so that the receiver can deduplicate. */
  readonly id: string;
  readonly type: 'transcript.final' | 'session.live' | 'session.ended';
  /** When it happened, as Unix time in milliseconds. */
  readonly atUnixMs: number;
  readonly data: object;
}

/** The receiver at WEBHOOK_URL. */
export class WebhookReceiver {
  constructor(
    private readonly url: string,
    private readonly secret: string,
  ) {}

  /** Never rejects. */
  async send({ id, type, atUnixMs, data }: WebhookEvent, signal: AbortSignal): Promise<WebhookOutcome> {
    const body = JSON.stringify({ type, timestamp: new Date(atUnixMs).toISOString(), data });
    const headers = { 'Content-Type': 'application/json', ...signatureHeaders(this.secret, id, Date.now(), body) };
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      });
      await response.body?.cancel();
      return outcomeOf(response);
    } catch (error) {
      return { kind: 'away', reason: errorKind(error), retryAfterMs: 0 };
    }
  }
}

function outcomeOf({ ok, status, headers }: Response): WebhookOutcome {
  if (ok) return { kind: 'taken' };
  if (status === 410) return { kind: 'gone' };
  const isRefusal = status < 500 && status !== 408 && status !== 425 && status !== 429;
  return {
    kind: isRefusal ? 'refused' : 'away',
    reason: `the receiver answers ${status}`,
    retryAfterMs: retryAfterMs(headers.get('retry-after')),
  };
}
