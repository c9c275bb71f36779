import type { ReadableStreamDefaultReader } from 'node:stream/web';
import type { AudioFrame, RemoteTrack } from '@livekit/rtc-node';
import { FRAME_MS, SAMPLE_RATE_HZ } from '../../media/audio-format.js';
import type { FramePipe } from './frame-pipe.js';
import type { RtcModule } from './rtc.js';

/** One track that the service subscribes to, resampled to 16 kHz mono by LiveKit's client. */
export class ReceivedTrack {
  #reader: ReadableStreamDefaultReader<AudioFrame> | undefined;

  constructor(
    private readonly rtc: RtcModule,
    readonly number: number,
    readonly trackSid: string,
    private readonly pipe: FramePipe,
  ) {}

  /** Receives this track object; after a reconnect it is a new one, which replaces the former. */
  attach(track: RemoteTrack): void {
    this.detach();
    const format = { sampleRate: SAMPLE_RATE_HZ, numChannels: 1, frameSizeMs: FRAME_MS };
    const reader = new this.rtc.AudioStream(track, format).getReader();
    this.#reader = reader;
    void this.#pump(reader);
  }

  /** Releases the native stream. Idempotent. */
  detach(): void {
    void this.#reader?.cancel().catch(() => undefined);
    this.#reader = undefined;
  }

  async #pump(reader: ReadableStreamDefaultReader<AudioFrame>): Promise<void> {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || reader !== this.#reader) return;
      this.pipe.write(this.number, value.data);
    }
  }
}
