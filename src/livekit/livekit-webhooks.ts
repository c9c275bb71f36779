import { Injectable } from '@nestjs/common';
import { WebhookReceiver, type WebhookEvent } from 'livekit-server-sdk';

/** The signature of a webhook does not fit its raw body, or the body is no webhook. */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';
}

/** When webhooks last came, in Unix time; undefined where none ever did. */
export interface WebhooksSeen {
  readonly acceptedAtUnixMs?: number;
  /** One whose signature did not fit. */
  readonly refusedAtUnixMs?: number;
}

type WebhookListener = (event: WebhookEvent) => void;

/**
 * LiveKit's webhooks, verified once and handed to whoever listens. They are hints: lost, late, doubled and reordered
 * ones are normal, so a listener looks at the room itself before it believes anything.
 */
@Injectable()
export class LiveKitWebhooks {
  readonly #listeners: WebhookListener[] = [];
  #seen: WebhooksSeen = {};

  constructor(private readonly receiver: WebhookReceiver) {}

  get seen(): WebhooksSeen {
    return this.#seen;
  }

  onEvent(listener: WebhookListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Checks the signature over the raw body and tells every listener.
   * @throws WebhookRefused
   */
  async accept(rawBody: string, authorization: string | undefined): Promise<void> {
    const event = await this.receiver.receive(rawBody, authorization).catch((cause: unknown) => {
      this.#seen = { ...this.#seen, refusedAtUnixMs: Date.now() };
      throw new WebhookRefused('the signature does not fit the body', { cause });
    });
    this.#seen = { ...this.#seen, acceptedAtUnixMs: Date.now() };
    for (const listener of this.#listeners) listener(event);
  }
}
