import type { WebhookName } from './webhook-event.js';

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
export class WebhookFaults {
  readonly #planned: Planned[] = [];

  /** Plans `fault` for the next `count` webhooks of that name (`*`: any). */
  plan(event: WebhookName | '*', fault: WebhookFault, count = Infinity): void {
    this.#planned.push({ event, fault, remaining: count });
  }

  clear(): void {
    this.#planned.length = 0;
  }

  /** The fault that befalls a webhook now, used up by it. */
  next(event: WebhookName): WebhookFault | undefined {
    const planned = this.#planned.find((p) => p.remaining > 0 && (p.event === '*' || p.event === event));
    if (planned !== undefined) planned.remaining--;
    return planned?.fault;
  }
}
