/** After this long without a segment, a browser counts as not transcribing. */
const SILENT_AFTER_MS = 15_000;
/** After this long of sending again, it counts as transcribing. */
const TRUSTED_AFTER_MS = 30_000;

interface FallbackTrack {
  readonly identity: string;
  lastContactMs: number;
  /** When the contact began that has lasted without a pause since. */
  contactSinceMs: number;
  isTranscribed: boolean;
}

/**
 * `SERVER_TRANSCRIPTION=fallback`: which tracks of a session the server has to transcribe, because their participants'
 * browsers send nothing.
 */
export class FallbackTracks {
  readonly #tracks = new Map<string, FallbackTrack>();

  constructor(private readonly onChange: (trackSid: string, isTranscribed: boolean) => void) {}

  published(trackSid: string, identity: string, nowMs: number): void {
    this.#tracks.set(trackSid, { identity, lastContactMs: nowMs, contactSinceMs: nowMs, isTranscribed: false });
  }

  unpublished(trackSid: string): void {
    this.#tracks.delete(trackSid);
  }

  /** The participant's browser has sent something. */
  contact(identity: string, nowMs: number): void {
    for (const track of this.#tracks.values()) {
      if (track.identity !== identity) continue;
      if (nowMs - track.lastContactMs >= SILENT_AFTER_MS) track.contactSinceMs = nowMs;
      track.lastContactMs = nowMs;
    }
  }

  advance(nowMs: number): void {
    for (const [trackSid, track] of this.#tracks) {
      const isSilent = nowMs - track.lastContactMs >= SILENT_AFTER_MS;
      const isTrusted = !isSilent && nowMs - track.contactSinceMs >= TRUSTED_AFTER_MS;
      if (track.isTranscribed ? !isTrusted : !isSilent) continue;
      track.isTranscribed = !track.isTranscribed;
      this.onChange(trackSid, track.isTranscribed);
    }
  }
}
