import type { TrackAudio } from '../egress/track-audio.js';
import { nowSamples, ROOM_RATE_HZ } from './room-clock.js';
import type { SandboxTrack } from './sandbox-track.js';

/** How far a reader stays behind the present, so that what is said now is never behind it. */
export const READER_LAG_MS = 20;
const LAG_SAMPLES = (READER_LAG_MS * ROOM_RATE_HZ) / 1000;

/** Hears a scripted track from the first read on. */
export class TrackReader implements TrackAudio {
  #nextSample: number | undefined;

  constructor(private readonly track: SandboxTrack) {}

  read(frame: Int16Array): boolean {
    const fromSample = this.#nextSample ?? nowSamples() - LAG_SAMPLES;
    this.#nextSample = fromSample + frame.length;
    return this.track.read(fromSample, frame);
  }

  get muted(): boolean {
    return this.track.muted;
  }

  get ended(): boolean {
    return !this.track.published;
  }
}
