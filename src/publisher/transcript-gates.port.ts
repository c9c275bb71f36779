import { Injectable } from '@nestjs/common';
import type { TranscriptReady, TranslationReady } from '../events/domain-events.js';

/** Decides which segments the room gets to read, where the same speech may be put into words more than once. */
export interface TranscriptGate {
  /** What the room is told in place of this segment: mostly the segment itself, nothing where it was read already. */
  admit(fact: TranscriptReady): readonly TranscriptReady[];
  /** Whether the segment that this is a translation of was let through. */
  admitsTranslation(fact: TranslationReady): boolean;
  /** What was still kept back when the session's last message is about to be told. */
  lastWords(sessionId: string): readonly TranscriptReady[];
}

/** The gates that every segment passes before it gets its number. Without any, all pass as they are. */
@Injectable()
export class TranscriptGates implements TranscriptGate {
  readonly #gates: TranscriptGate[] = [];

  add(gate: TranscriptGate): void {
    this.#gates.push(gate);
  }

  admit(fact: TranscriptReady): readonly TranscriptReady[] {
    return this.#gates.reduce<readonly TranscriptReady[]>(
      (facts, gate) => facts.flatMap((each) => gate.admit(each)),
      [fact],
    );
  }

  admitsTranslation(fact: TranslationReady): boolean {
    return this.#gates.every((gate) => gate.admitsTranslation(fact));
  }

  lastWords(sessionId: string): readonly TranscriptReady[] {
    return this.#gates.flatMap((gate) => gate.lastWords(sessionId));
  }
}
