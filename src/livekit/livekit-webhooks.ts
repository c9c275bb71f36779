import { Injectable, Logger } from '@nestjs/common';
import { CLOCK_TOLERANCE_S } from './room-access.js';
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
  /** Whether the last refused one was signed well, and its token was not valid yet, or not any more. */
  readonly refusedForItsTime?: boolean;
}

type WebhookListener = (event: WebhookEvent) => void;

/**
 * Verifies LiveKit's webhooks and passes them to all listeners. Lost, late, duplicate and reordered webhooks are normal, so
 * that a listener asks LiveKit for the state of the room before it acts.
 */
@Injectable()
export class LiveKitWebhooks {
  readonly #logger = new Logger('LiveKitWebhooks');
  readonly #listeners: WebhookListener[] = [];
  #seen: WebhooksSeen = {};

  constructor(private readonly receiver: WebhookReceiver) {}

  get seen(): WebhooksSeen {
    return this.#seen;
  }

  onEvent(listener: WebhookListener): void {
    this.#listeners.push(listener);
  }

  /** One was refused. @param cause what the check of its token threw */
  refused(cause: unknown): void {
    const { code, claim } = (cause ?? {}) as { code?: unknown; claim?: unknown };
    const isClock = code === 'ERR_JWT_EXPIRED' || claim === 'nbf';
    const isFirst = this.#seen.refusedAtUnixMs === undefined;
    this.#seen = { ...this.#seen, refusedAtUnixMs: Date.now(), refusedForItsTime: isClock };
    if (!isFirst) return;
    this.#logger.warn(
      isClock
        ? 'a webhook was refused: its token is not valid at this time, so the clocks of LiveKit and this host differ'
        : 'a webhook was refused: it is not signed with a key of this service, or its body was changed on the way',
    );
  }

  /**
   * Checks the signature over the raw body and calls every listener.
   * @throws WebhookRefused
   */
  async accept(rawBody: string, authorization: string | undefined): Promise<void> {
    const received = this.receiver.receive(rawBody, authorization, false, CLOCK_TOLERANCE_S);
    const event = await received.catch((cause: unknown) => {
      this.refused(cause);
      throw new WebhookRefused('the signature does not fit the body', { cause });
    });
    this.#seen = { ...this.#seen, acceptedAtUnixMs: Date.now() };
    for (const listener of this.#listeners) listener(event);
  }
}
