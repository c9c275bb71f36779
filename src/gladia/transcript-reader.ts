import type { GladiaMessage } from './gladia-message.js';
import type { GladiaUtterance } from './gladia-utterance.js';
import { onSessionClock } from './session-clock.js';
import type { UtteranceLedger } from './utterance-ledger.js';

/** Hands what one Gladia session says to the ledger, on the session clock. */
export class TranscriptReader {
  #isComplete = false;

  constructor(
    private readonly ledger: UtteranceLedger,
    /** Which of the stream's Gladia sessions this is. */
    private readonly session: number,
    private readonly locate: (serverSamples: number) => number,
    private readonly startSamples: number,
  ) {}

  /** Whether the whole result was read, so that there is no need to ask for it. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  read(message: GladiaMessage): void {
    if (message.kind === 'transcript') {
      this.ledger.hear(this.session, message.id, message.final, this.#place(message.utterance));
    }
    if (message.kind === 'result') {
      this.recover(message.utterances);
      this.#isComplete = true;
    }
  }

  /** Takes the session's whole result and adds what the socket did not bring. */
  recover(utterances: readonly GladiaUtterance[]): void {
    for (const utterance of utterances) this.ledger.recover(this.session, this.#place(utterance));
  }

  settle(): void {
    this.ledger.settle(this.session);
  }

  #place(utterance: GladiaUtterance): ReturnType<typeof onSessionClock> {
    return onSessionClock(utterance, this.locate, this.startSamples);
  }
}
