import { setTimeout as wait } from 'node:timers/promises';
import { newSid } from './sids.js';
import { signWebhook } from './webhook-signature.js';

export type WebhookName =
  | 'room_started'
  | 'room_finished'
  | 'participant_joined'
  | 'participant_left'
  | 'track_published'
  | 'track_unpublished'
  | 'egress_started'
  | 'egress_updated'
  | 'egress_ended';

/** What a webhook reports; its members are protobuf JSON. */
export interface WebhookEventBody {
  readonly event: WebhookName;
  readonly room?: object;
  readonly participant?: object;
  readonly track?: object;
  readonly egressInfo?: object;
}

export interface WebhookSettings {
  readonly urls: readonly string[];
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Attempts after the first, when the receiver is down or answers 5xx. Default 4. */
  readonly retries?: number;
  /** Before the first retry; doubles with each. Default 250. */
  readonly retryDelayMs?: number;
}

const ANSWER_WITHIN_MS = 5_000;

/** Posts signed webhooks to every URL, one after the other in the order of the events. */
export class WebhookSender {
  readonly faults = new WebhookFaults();
  readonly #closing = new AbortController();
  readonly #pending = new Set<Promise<void>>();
  #queue: Promise<void> = Promise.resolve();
  #held: { event: WebhookEventBody; body: string }[] = [];
  #toHold = 0;

  constructor(private readonly settings: WebhookSettings) {}

  /** Sends an event, or does with it what the faults say. */
  send(event: WebhookEventBody): void {
    const createdAt = String(Math.floor(Date.now() / 1000));
    const body = JSON.stringify({ ...event, id: newSid('EV_'), createdAt });
    if (this.#toHold === 0) {
      this.#dispatch(event, body);
      return;
    }
    this.#held.push({ event, body });
    if (this.#held.length >= this.#toHold) this.#releaseReversed();
  }

  /** Holds the next `count` events back and sends them in reverse order. */
  reorderNext(count: number): void {
    this.#toHold = count;
  }

  /** Resolves when everything was delivered or given up. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Gives up what is not delivered yet. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.settled();
  }

  #releaseReversed(): void {
    const held = this.#held.reverse();
    this.#held = [];
    this.#toHold = 0;
    for (const { event, body } of held) this.#dispatch(event, body);
  }

  #dispatch(event: WebhookEventBody, body: string): void {
    const fault = this.faults.next(event.event);
    if (fault?.kind === 'lose') return;
    if (fault?.kind === 'delay') {
      this.#track(this.#sendLater(body, fault.delayMs));
      return;
    }
    this.#enqueue(body);
    if (fault?.kind === 'double') this.#enqueue(body);
  }

  async #sendLater(body: string, delayMs: number): Promise<void> {
    await wait(delayMs, undefined, { signal: this.#closing.signal });
    await this.#post(body);
  }

  #enqueue(body: string): void {
    this.#queue = this.#queue.then(() => this.#post(body));
    this.#track(this.#queue);
  }

  #track(work: Promise<void>): void {
    const settled: Promise<void> = work
      .catch(() => undefined)
      .finally(() => {
        this.#pending.delete(settled);
      });
    this.#pending.add(settled);
  }

  async #post(body: string): Promise<void> {
    await Promise.all(this.settings.urls.map((url) => this.#postTo(url, body)));
  }

  async #postTo(url: string, body: string): Promise<void> {
    const { retries = 4, retryDelayMs = 250 } = this.settings;
    for (let attempt = 0; attempt <= retries && !this.#closing.signal.aborted; attempt++) {
      if (await this.#attempt(url, body)) return;
      if (attempt < retries) await this.#pause(retryDelayMs * 2 ** attempt);
    }
  }

  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  /** Whether the receiver took it: LiveKit repeats after a lost connection and after 5xx, not after 4xx. */
  async #attempt(url: string, body: string): Promise<boolean> {
    const { apiKey, apiSecret } = this.settings;
    const headers = {
      'Content-Type': 'application/webhook+json',
      Authorization: await signWebhook(body, apiKey, apiSecret),
    };
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    try {
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      await response.arrayBuffer();
      return response.status < 500;
    } catch {
      return false;
    }
  }
}

export type WebhookFault =
  /** Never sent. */
  | { readonly kind: 'lose' }
  /** Sent twice. */
  | { readonly kind: 'double' }
  /** Sent later, overtaken by what follows. */
  | { readonly kind: 'delay'; readonly delayMs: number };

interface Planned {
  readonly event: WebhookName | '*';
  readonly fault: WebhookFault;
  remaining: number;
}

/** What shall go wrong with the next webhooks. */
class WebhookFaults {
  readonly #planned: Planned[] = [];

  /** Plans `fault` for the next `count` webhooks of that name (`*`: any). */
  plan(event: WebhookName | '*', fault: WebhookFault, count = Infinity): void {
    this.#planned.push({ event, fault, remaining: count });
  }

  clear(): void {
    this.#planned.length = 0;
  }

  /** The fault for the next webhook of that name, used up by it. */
  next(event: WebhookName): WebhookFault | undefined {
    const planned = this.#planned.find((p) => p.remaining > 0 && (p.event === '*' || p.event === event));
    if (planned !== undefined) planned.remaining--;
    return planned?.fault;
  }
}
