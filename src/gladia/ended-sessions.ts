import type { SpeechReport } from './speech-to-text.js';

const KEPT = 1_000;

/** The last sessions that ended, so that none ends twice and each can still be asked about for a while. */
export class EndedSessions {
  readonly #reports = new Map<string, SpeechReport | undefined>();

  has(sessionId: string): boolean {
    return this.#reports.has(sessionId);
  }

  report(sessionId: string): SpeechReport | undefined {
    return this.#reports.get(sessionId);
  }

  add(sessionId: string, report?: SpeechReport): void {
    this.#reports.set(sessionId, report);
    const [oldest] = this.#reports.keys();
    if (this.#reports.size > KEPT && oldest !== undefined) this.#reports.delete(oldest);
  }
}
