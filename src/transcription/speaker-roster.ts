import type { TranscriptSpeaker } from '../events/domain-events.js';
import { ROOM_MIX_SID } from '../media/audio-source.js';

/**
 * Whose tracks there are and were in one session. A track that is gone may still get words. The mix of a whole room is
 * nobody's track: what is heard only there has no speaker, and no candidates, for it hints at nobody more than at others.
 */
export class SpeakerRoster {
  readonly #speakers = new Map<string, TranscriptSpeaker>();

  add(speaker: TranscriptSpeaker): void {
    if (speaker.trackSid !== ROOM_MIX_SID) this.#speakers.set(speaker.trackSid, speaker);
  }

  /** For what is said from now on. */
  rename(identity: string, name: string): void {
    for (const speaker of this.#speakers.values()) if (speaker.identity === identity) this.add({ ...speaker, name });
  }

  find(trackSid: string | null): TranscriptSpeaker | null {
    return trackSid === null ? null : (this.#speakers.get(trackSid) ?? null);
  }

  all(trackSids: readonly string[]): TranscriptSpeaker[] {
    return trackSids.flatMap((trackSid) => this.find(trackSid) ?? []);
  }
}
