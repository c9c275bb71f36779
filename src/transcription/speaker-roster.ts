import type { TranscriptSpeaker } from '../events/domain-events.js';
import { ROOM_MIX_SID } from '../media/audio-source.js';

/**
 * The speakers of all tracks of one session, also of those that have ended: their words may come later. The mix of a whole
 * room belongs to nobody: words that were transcribed from it have neither a speaker nor candidates.
 */
export class SpeakerRoster {
  readonly #speakers = new Map<string, TranscriptSpeaker>();

  add(speaker: TranscriptSpeaker): void {
    if (speaker.trackSid !== ROOM_MIX_SID) this.#speakers.set(speaker.trackSid, speaker);
  }

  /** Applies to segments from now on. */
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
