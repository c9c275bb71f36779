import { Injectable } from '@nestjs/common';
import { WebhookReceiver, type WebhookEvent } from 'livekit-server-sdk';

/** The signature of a webhook does not match its raw body, or the body is not a webhook. */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';
}

/** When webhooks last arrived, as Unix time in milliseconds; undefined where none did. */
export interface WebhooksSeen {
  readonly acceptedAtUnixMs?: number;
  /** One whose signature did not match. */
  readonly refusedAtUnixMs?: number;
}

type WebhookListener = (event: WebhookEvent) => void;

/**
 * Verifies LiveKit's webhooks and passes them to all listeners. Lost, late, duplicate and reordered webhooks are normal, so
 * that a listener asks LiveKit for the state of the room before it acts.
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
   * Checks the signature over the raw body and calls every listener.
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
