import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Counter } from 'prom-client';
import { Interval } from '../async/interval.js';
import { webhookConfig, type WebhookConfig } from '../config/namespaces.js';
import { MessagePublished, SessionErased, SessionLive } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { errorKind } from '../logging/error-kind.js';
import { Metrics } from '../metrics/metrics.js';
import { MessageJournal } from '../transcripts/message-journal.port.js';
import { SessionDeliveries } from './session-deliveries.js';
import { WebhookCursors, type WebhookCursor } from './webhook-cursors.js';
import { WebhookReceiver } from './webhook-receiver.js';

const RETRY_DATABASE_EVERY_MS = 5_000;
const FORGET_EVERY_MS = 600_000;
/** The engine may finish words of an ended session so late. */
const LATE_WORDS_MS = 25_200_000;
/** No session is so long. */
const FORGOTTEN_AFTER_MS = 30 * 86_400_000;

/** Delivers finals and the beginning and end of sessions to WEBHOOK_URL. Without one it does nothing. */
@Injectable()
export class WebhooksService implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger(WebhooksService.name);
  readonly #sessions = new Map<string, SessionDeliveries>();
  /** Sessions whose deliveries stopped at an error of the database. */
  readonly #failed = new Set<string>();
  readonly #stopped = new AbortController();
  readonly #deliveries: Counter<'outcome'>;
  readonly #receiver: WebhookReceiver | undefined;

  constructor(
    @Inject(webhookConfig.KEY) { url, secret }: WebhookConfig,
    private readonly cursors: WebhookCursors,
    private readonly journal: MessageJournal,
    private readonly events: EventBus,
    metrics: Metrics,
  ) {
    this.#receiver = url === undefined || secret === undefined ? undefined : new WebhookReceiver(url, secret);
    this.#deliveries = metrics.counter('webhook_deliveries_total', 'webhooks sent, by what became of them', [
      'outcome',
    ]);
  }

  onModuleInit(): void {
    const receiver = this.#receiver;
    if (receiver === undefined) return;
    this.events.on(SessionLive, ({ sessionId, room, liveAtUnixMs, resumes }) => {
      if (resumes === undefined) this.#open({ sessionId, room, liveAtUnixMs, seq: -1 }, receiver);
    });
    this.events.on(MessagePublished, ({ sessionId, message }) => {
      if (message.type === 'status' || (message.type === 'transcript' && message.final)) this.#wake(sessionId);
    });
    this.events.on(SessionErased, ({ sessionId }) => this.#forget(sessionId));
  }

  /** Goes on where an earlier run stopped. */
  async onApplicationBootstrap(): Promise<void> {
    const receiver = this.#receiver;
    if (receiver === undefined) return;
    const forgottenBefore = Date.now() - FORGOTTEN_AFTER_MS;
    for (const cursor of await this.cursors.all())
      if (cursor.liveAtUnixMs > forgottenBefore) this.#open(cursor, receiver);
      else this.#forget(cursor.sessionId);
  }

  onApplicationShutdown(): void {
    this.#stopped.abort();
  }

  @Interval(RETRY_DATABASE_EVERY_MS)
  retryFailed(): void {
    for (const sessionId of this.#failed) this.#wake(sessionId);
  }

  /** A session that ended long ago has nothing more to say. */
  @Interval(FORGET_EVERY_MS)
  forgetEnded(): void {
    const nowMs = performance.now();
    for (const [sessionId, deliveries] of this.#sessions)
      if (deliveries.endedForMs(nowMs) > LATE_WORDS_MS) this.#forget(sessionId);
  }

  #forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
    void this.cursors.remove(sessionId).catch(() => undefined);
  }

  #open(cursor: WebhookCursor, receiver: WebhookReceiver): void {
    const { sessionId } = cursor;
    const deliveries = new SessionDeliveries(cursor, {
      journal: this.journal,
      cursors: this.cursors,
      receiver,
      signal: this.#stopped.signal,
      onOutcome: (outcome) => this.#deliveries.inc({ outcome }),
      onGone: () => this.#stop(),
    });
    this.#sessions.set(sessionId, deliveries);
    this.#wake(sessionId);
  }

  #wake(sessionId: string): void {
    const deliveries = this.#sessions.get(sessionId);
    this.#failed.delete(sessionId);
    void deliveries?.wake().catch((error: unknown) => {
      this.#failed.add(sessionId);
      this.#logger.warn(`session ${sessionId}: webhooks wait for the database: ${errorKind(error)}`);
    });
  }

  #stop(): void {
    if (this.#stopped.signal.aborted) return;
    this.#stopped.abort();
    this.#logger.error('the receiver at WEBHOOK_URL answers 410: no more webhooks are sent until the next start');
  }
}
