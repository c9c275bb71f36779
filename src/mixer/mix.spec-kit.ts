import { FRAME_SAMPLES } from '../media/audio-format.js';
import { MixedAudioSink, type MixedInput, type MixedStream } from '../media/mixed-audio-sink.js';
import type { TrackInput } from '../media/track-audio-sink.js';
import { concatenated } from './sound.spec-kit.js';

/** What was mixed for one session. */
export class RecordedMix implements MixedInput {
  readonly frames: Int16Array[] = [];
  closes = 0;

  constructor(
    readonly stream: MixedStream,
    private readonly onFrame: (frame: Int16Array) => void,
  ) {}

  get samples(): Int16Array {
    return concatenated(this.frames);
  }

  write(samples: Int16Array): void {
    if (this.closes > 0) throw new Error('written after the end');
    this.frames.push(samples.slice());
    this.onFrame(samples);
  }

  close(): void {
    this.closes++;
  }
}

/** Keeps what the mixer sends, by session. */
export class RecordingSink extends MixedAudioSink {
  readonly mixes = new Map<string, RecordedMix>();
  readonly #waiting: ((frame: Int16Array) => void)[] = [];

  /** Resolves with the next frame of any session. */
  nextFrame(): Promise<Int16Array> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  override open(stream: MixedStream): MixedInput {
    if (this.mixes.has(stream.sessionId)) throw new Error('opened twice');
    const mix = new RecordedMix(stream, (frame) => this.#waiting.splice(0).forEach((resolve) => resolve(frame)));
    this.mixes.set(stream.sessionId, mix);
    return mix;
  }

  of(sessionId: string): RecordedMix {
    const mix = this.mixes.get(sessionId);
    if (mix === undefined) throw new Error('never opened');
    return mix;
  }
}

/** Sends a sound in step with the mix: 20 ms a call. */
export class Speaker {
  #sent = 0;

  constructor(
    private readonly sound: Int16Array,
    readonly input: TrackInput,
  ) {}

  speak(frames = 1): void {
    const end = this.#sent + frames * FRAME_SAMPLES;
    this.input.write(this.sound.subarray(this.#sent, end));
    this.#sent = end;
  }
}
