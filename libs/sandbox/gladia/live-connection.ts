import type { Recipient } from './outbox.js';

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
