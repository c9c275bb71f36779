import { Backoff } from '../async/backoff.js';
import { sleep } from '../async/sleep.js';
import type { Message } from '../../libs/protocol/message.js';
import type { MessageJournal } from '../transcripts/message-journal.port.js';
import type { WebhookCursor, WebhookCursors } from './webhook-cursors.js';
import type { WebhookEvent, WebhookOutcome, WebhookReceiver } from './webhook-receiver.js';

const MESSAGES_PER_PAGE = 50;
const BACKOFF = { baseMs: 1_000, capMs: 300_000 };
/** A message that the receiver refuses is sent so often, in case the refusal is a mistake that passes. */
const REFUSALS = 5;
const GIVE_UP_AFTER_MS = 86_400_000;

export interface DeliveriesOptions {
  readonly journal: Pick<MessageJournal, 'numbered'>;
  readonly cursors: Pick<WebhookCursors, 'save' | 'giveUp'>;
  readonly receiver: Pick<WebhookReceiver, 'send'>;
  readonly signal: AbortSignal;
  readonly random?: () => number;
  readonly onOutcome: (kind: WebhookOutcome['kind'] | 'dead') => void;
  /** The receiver wants no more webhooks. */
  readonly onGone: () => void;
}

/**
 * Delivers one session's messages in their order: each until the receiver has taken it, or it is given up. Where it stands is
 * stored, so that the next run goes on there; a message may come twice then, with the same id.
 */
export class SessionDeliveries {
  #cursor: WebhookCursor;
  #running: Promise<void> | undefined;
  #isAwake = false;
  #endedAtMs: number | undefined;

  constructor(
    cursor: WebhookCursor,
    private readonly options: DeliveriesOptions,
  ) {
    this.#cursor = cursor;
  }

  /** For how long all has been delivered up to the session's end; 0 before. */
  endedForMs(nowMs: number): number {
    return this.#endedAtMs === undefined ? 0 : nowMs - this.#endedAtMs;
  }

  /** There may be new messages. Resolves when all are done with, or the service stops. Rejects with errors of the database. */
  wake(): Promise<void> {
    this.#isAwake = true;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #run(): Promise<void> {
    const { journal, signal } = this.options;
    if (this.#cursor.seq < 0) await this.#deliver(liveEvent(this.#cursor), 0);
    while (this.#isAwake && !signal.aborted) {
      this.#isAwake = false;
      const { sessionId, room, seq } = this.#cursor;
      const messages = await journal.numbered(sessionId, ['transcript', 'status'], seq, MESSAGES_PER_PAGE);
      for (const message of messages) await this.#deliver(eventOf(message, room), message.seq);
      if (messages.length > 0) this.#isAwake = true;
    }
  }

  #isStopped(): boolean {
    return this.options.signal.aborted;
  }

  /** @param event undefined for a message that is no webhook @param seq the message that is done with then */
  async #deliver(event: WebhookEvent | undefined, seq: number): Promise<void> {
    const { cursors } = this.options;
    if (this.#isStopped()) return;
    const failure = event && (await this.#send(event));
    if (this.#isStopped()) return;
    const { sessionId } = this.#cursor;
    if (failure !== undefined) await cursors.giveUp(sessionId, seq, failure);
    this.#cursor = { ...this.#cursor, seq };
    if (event?.type === 'session.ended') this.#endedAtMs = performance.now();
    if (event !== undefined) await cursors.save(this.#cursor);
  }

  /** Resolves with why it was given up; with undefined when it was taken, or the service stops. */
  async #send(event: WebhookEvent): Promise<string | undefined> {
    const { receiver, signal, onOutcome, onGone, random = Math.random } = this.options;
    const backoff = new Backoff(BACKOFF, random);
    const startedAtMs = performance.now();
    for (let refusals = 0; !signal.aborted;) {
      const outcome = await receiver.send(event, signal);
      onOutcome(outcome.kind);
      if (outcome.kind === 'taken') return undefined;
      if (outcome.kind === 'gone') {
        onGone();
        return undefined;
      }
      if (outcome.kind === 'refused') refusals += 1;
      if (refusals >= REFUSALS || performance.now() - startedAtMs > GIVE_UP_AFTER_MS) {
        onOutcome('dead');
        return outcome.reason;
      }
      await sleep(backoff.nextMs(outcome.retryAfterMs), signal);
    }
    return undefined;
  }
}

const liveEvent = ({ sessionId, room, liveAtUnixMs }: WebhookCursor): WebhookEvent => ({
  id: `${sessionId}.live`,
  type: 'session.live',
  atUnixMs: liveAtUnixMs,
  data: { sessionId, room, liveAt: new Date(liveAtUnixMs).toISOString() },
});

function eventOf(message: Message, room: string): WebhookEvent | undefined {
  const id = `${message.sessionId}.${message.seq}`;
  if (message.type === 'transcript' && message.text !== '')
    return { id, type: 'transcript.final', atUnixMs: Date.parse(message.startedAt), data: { ...message, room } };
  if (message.type !== 'status' || message.status !== 'ended') return undefined;
  const { sessionId, seq } = message;
  return { id, type: 'session.ended', atUnixMs: Date.now(), data: { sessionId, room, seq } };
}
