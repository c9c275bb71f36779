import type { ReadableStreamDefaultReader } from 'node:stream/web';
import type { AudioFrame, AudioStream, RemoteTrackPublication } from '@livekit/rtc-node';
import type { TrackAudio } from './track-audio.js';

/** Frames that may wait before silence among them is skipped to catch up. */
const RELAXED_FRAMES = 6;
const MAX_FRAMES = 200;
const SILENCE_BELOW = 64;

type FrameReader = ReadableStreamDefaultReader<AudioFrame>;

/** Reads a track of a real room: WebRTC pushes 10 ms frames, the egress's clock pulls them from its start on. */
export class RtcTrackAudio implements TrackAudio {
  readonly #frames: Int16Array[] = [];
  #reader: FrameReader | undefined;
  #ended = false;
  #pulled = false;

  constructor(
    private readonly publication: RemoteTrackPublication,
    readonly identity: string,
  ) {}

  get sid(): string {
    return this.publication.sid ?? '';
  }

  get muted(): boolean {
    return this.publication.muted === true;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Reads `stream` (48 kHz mono in 10 ms frames) from now on, instead of an earlier one. */
  attach(stream: AudioStream): void {
    this.#detach();
    this.#reader = stream.getReader();
    void this.#pump(this.#reader);
  }

  read(frame: Int16Array): boolean {
    this.#pulled = true;
    const next = this.#frames.shift();
    frame.fill(0);
    if (next === undefined || this.muted) return false;
    frame.set(next.subarray(0, frame.length));
    return true;
  }

  /** The track is gone; lets go of the native stream. */
  end(): void {
    this.#ended = true;
    this.#detach();
  }

  #detach(): void {
    void this.#reader?.cancel().catch(() => undefined);
    this.#reader = undefined;
  }

  async #pump(reader: FrameReader): Promise<void> {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.#take(value);
    }
  }

  #take({ data }: AudioFrame): void {
    if (!this.#pulled) this.#frames.length = 0;
    this.#frames.push(data);
    if (this.#frames.length > RELAXED_FRAMES && isSilent(this.#frames[0])) this.#frames.shift();
    if (this.#frames.length > MAX_FRAMES) this.#frames.shift();
  }
}

const isSilent = (frame: Int16Array | undefined): boolean =>
  frame?.every((sample) => Math.abs(sample) < SILENCE_BELOW) === true;
