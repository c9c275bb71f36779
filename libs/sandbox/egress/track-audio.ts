/** 10 ms at 48 kHz. */
export const FRAME_SAMPLES = 480;
export const FRAME_MS = 10;

/** The port by which an egress hears a track (48 kHz mono); a scripted room and a real one stand behind it. */
export interface TrackAudio {
  /** Fills `frame` with the next 10 ms, silence included. Tells whether there may be sound in it. */
  read(frame: Int16Array): boolean;
  readonly muted: boolean;
  /** Unpublished, or its participant has left. */
  readonly ended: boolean;
}
