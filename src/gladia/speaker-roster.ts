import type { TranscriptSpeaker } from '../events/domain-events.js';

/** Whose tracks there are and were in one session. A track that is gone may still get words. */
export class SpeakerRoster {
  readonly #speakers = new Map<string, TranscriptSpeaker>();

  add(speaker: TranscriptSpeaker): void {
    this.#speakers.set(speaker.trackSid, speaker);
  }

  find(trackSid: string | null): TranscriptSpeaker | null {
    return trackSid === null ? null : (this.#speakers.get(trackSid) ?? null);
  }

  all(trackSids: readonly string[]): TranscriptSpeaker[] {
    return trackSids.flatMap((trackSid) => this.find(trackSid) ?? []);
  }
}
