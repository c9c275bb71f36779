import { ack, refusal, type OutgoingMessage } from './messages.js';
import type { GladiaSandboxOptions } from './options.js';
import type { Timers } from './timers.js';

/** Received audio: bytes `start` to `end`, half open, on the session's counter. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

const farBeyond = 10_000_000;

/** Acknowledges received audio to the client of one socket, in the way the options ask for. */
export class Acknowledger {
  #held: Chunk[] = [];

  constructor(
    private readonly options: GladiaSandboxOptions,
    private readonly bytesPerSecond: number,
    private readonly timers: Timers,
    private readonly send: (message: OutgoingMessage) => void,
  ) {}

  /** `onSent` is called when the acknowledgment leaves, or would. */
  acknowledge(chunk: Chunk, onSent: () => void): void {
    this.timers.after(this.options.ackDelayMs, () => {
      onSent();
      for (const message of this.#messages(chunk)) this.send(message);
    });
  }

  #messages(chunk: Chunk): OutgoingMessage[] {
    const { start, end } = chunk;
    switch (this.options.ackMode) {
      case 'perChunk':
        return [this.#range(start, end)];
      case 'coalesce':
        return this.#whenHeld(chunk, 5, (held) => [this.#range(held[0]!.start, end)]);
      case 'outOfOrder':
        return this.#whenHeld(chunk, 2, (held) => held.reverse().map((one) => this.#range(one.start, one.end)));
      case 'burst':
        return this.#whenHeld(chunk, 20, (held) => held.map((one) => this.#range(one.start, one.end)));
      case 'none':
        return [];
      case 'duplicate':
        return [this.#range(start, end), this.#range(start, end)];
      case 'negative':
        return [this.#range(start, start - (end - start))];
      case 'beyond':
        return [this.#range(start, end + farBeyond)];
      case 'nullData':
        return [{ ...this.#range(start, end), data: null }];
      case 'refused':
        return [refusal('audio_chunk', 'Could not process the chunk')];
    }
  }

  #whenHeld(chunk: Chunk, count: number, messages: (held: Chunk[]) => OutgoingMessage[]): OutgoingMessage[] {
    this.#held.push(chunk);
    if (this.#held.length < count) return [];
    const held = this.#held;
    this.#held = [];
    return messages(held);
  }

  #range(start: number, end: number): OutgoingMessage {
    const last = this.options.rangeMode === 'inclusive' ? end - 1 : end;
    const bytesPerSecond = this.bytesPerSecond / (1 + this.options.ackTimeDrift);
    return ack('audio_chunk', {
      byte_range: [start, last],
      time_range: [start / bytesPerSecond, end / bytesPerSecond],
    });
  }
}
