import type { SpeechCounters, SpeechReport, SpeechState } from './speech-to-text.js';

/** The state and the counters of one stream. `draining` changes only to `ended`, which is the last state. */
export class StreamState {
  readonly counters: SpeechCounters = {
    chunksSent: 0,
    bytesSent: 0,
    bytesAcknowledged: 0,
    backlogMs: 0,
    reconnects: 0,
    engineSessions: 0,
    malformed: 0,
    duplicates: 0,
    gapMs: 0,
  };
  #state: SpeechState = 'connecting';
  #reason = '';

  constructor(private readonly onChange: (report: SpeechReport) => void) {}

  get report(): SpeechReport {
    return { state: this.#state, reason: this.#reason, counters: { ...this.counters } };
  }

  /** Counts audio that was sent or acknowledged. */
  transferred(chunks: number, sentBytes: number, acknowledgedBytes: number): void {
    this.counters.chunksSent += chunks;
    this.counters.bytesSent += sentBytes;
    this.counters.bytesAcknowledged += acknowledgedBytes;
  }

  enter(state: SpeechState, reason = ''): void {
    if (this.#state === 'ended' || (this.#state === 'draining' && state !== 'ended')) return;
    if (this.#state === state && this.#reason === reason) return;
    this.#state = state;
    // An end that follows a problem keeps its reason.
    if (state !== 'ended' || reason !== '') this.#reason = reason;
    this.onChange(this.report);
  }
}
