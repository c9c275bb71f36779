import type { OutgoingMessage } from './messages.js';
import type { GladiaSandboxOptions } from './options.js';
import type { SessionRequest } from './session-request.js';

/** A session's connection, as the session and whoever looks at it see it. */
export interface LiveConnection extends Recipient {
  send(text: string | Buffer): void;
  /** Puts bytes on the wire past the WebSocket. */
  sendRaw(bytes: Buffer): void;
  /** Unix time, in milliseconds. */
  readonly openedAt: number;
  readonly receivedBytes: number;
  readonly receivedFrames: number;
  close(code: number, reason: string): void;
  /** Ends the TCP connection without a word. */
  destroy(): void;
  /** Neither reads nor writes from now on, but stays open. */
  fallSilent(): void;
  stopReading(forMs: number): void;
}

/** Where a message can go. */
export interface Recipient {
  send(text: string): void;
}

/** Puts messages in their envelope, and brings those that were asked for to the sockets that are open. */
export class Outbox {
  /** Every message that the client asked for, as it was or would have been sent. */
  readonly sent: string[] = [];
  #waiting: string[] = [];

  constructor(
    private readonly sessionId: string,
    private readonly wanted: SessionRequest['messages_config'],
    private readonly options: GladiaSandboxOptions,
    private readonly recipients: ReadonlySet<Recipient>,
  ) {}

  send(message: OutgoingMessage): void {
    if (!this.wanted[message.flag]) return;
    const text = this.#envelope(message);
    this.sent.push(text);
    if (this.recipients.size === 0) this.#waiting.push(text);
    for (const recipient of this.recipients) recipient.send(text);
  }

  /** A socket has opened: it gets what was said while there was none, as the options have it. */
  greet(recipient: Recipient): void {
    const missed = { drop: [], queue: this.#waiting, replay: this.sent }[this.options.detachedMessages];
    this.#waiting = [];
    for (const text of missed) recipient.send(text);
  }

  #envelope({ flag: _flag, ...message }: OutgoingMessage): string {
    const createdAt = new Date(Date.now() + this.options.clockSkewMs).toISOString();
    return JSON.stringify({ session_id: this.sessionId, created_at: createdAt, ...message });
  }
}
