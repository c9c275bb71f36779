import { FRAME_MS, type TrackAudio } from './track-audio.js';

/**
 * When Egress says `{"muted":…}` for a track: true a while after the mute, false after the unmute or, when the track
 * ends muted, at its end.
 */
export class MuteReporter {
  #mutedForMs = 0;
  #reported = false;

  constructor(
    private readonly track: TrackAudio,
    private readonly mutedAfterMs: number,
    private readonly say: (text: string) => void,
  ) {}

  /** To be called for every frame. */
  tick(): void {
    const muted = this.track.muted && !this.track.ended;
    this.#mutedForMs = muted ? this.#mutedForMs + FRAME_MS : 0;
    if (!this.#reported && muted && this.#mutedForMs >= this.mutedAfterMs) this.#report(true);
    if (this.#reported && !muted) this.#report(false);
  }

  #report(muted: boolean): void {
    this.#reported = muted;
    this.say(JSON.stringify({ muted }));
  }
}
