/** A browser that has sent nothing for so long does not put its participant's speech into words. */
const SILENT_MS = 15_000;
/** One that has sent again for so long is trusted again. */
const TRUSTED_AFTER_MS = 30_000;

interface FallbackTrack {
  readonly identity: string;
  lastContactMs: number;
  /** Since when it has been in contact without a pause. */
  contactSinceMs: number;
  isHeard: boolean;
}

/**
 * `SERVER_TRANSCRIPTION=fallback`: which tracks of a session the server has to hear, because their participants' browsers
 * send nothing.
 */
export class FallbackTracks {
  readonly #tracks = new Map<string, FallbackTrack>();

  constructor(private readonly onChange: (trackSid: string, isHeard: boolean) => void) {}

  published(trackSid: string, identity: string, nowMs: number): void {
    this.#tracks.set(trackSid, { identity, lastContactMs: nowMs, contactSinceMs: nowMs, isHeard: false });
  }

  unpublished(trackSid: string): void {
    this.#tracks.delete(trackSid);
  }

  /** The participant's browser has sent something. */
  contact(identity: string, nowMs: number): void {
    for (const track of this.#tracks.values()) {
      if (track.identity !== identity) continue;
      if (nowMs - track.lastContactMs >= SILENT_MS) track.contactSinceMs = nowMs;
      track.lastContactMs = nowMs;
    }
  }

  advance(nowMs: number): void {
    for (const [trackSid, track] of this.#tracks) {
      const isSilent = nowMs - track.lastContactMs >= SILENT_MS;
      const isTrusted = !isSilent && nowMs - track.contactSinceMs >= TRUSTED_AFTER_MS;
      if (track.isHeard ? !isTrusted : !isSilent) continue;
      track.isHeard = !track.isHeard;
      this.onChange(trackSid, track.isHeard);
    }
  }
}
