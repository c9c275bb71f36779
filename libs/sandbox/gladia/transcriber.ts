import type { AudioFormat } from './audio-intake.js';
import type { Lexicon } from './recogniser/lexicon.js';
import { Recogniser, recogniserHz } from './recogniser/recogniser.js';
import type { RecogniserEvent, UtteranceOptions } from './recogniser/utterance.js';
import { Resampler } from './resampler.js';

/** What was recognised in one channel. */
export interface ChannelEvent {
  readonly channel: number;
  readonly event: RecogniserEvent;
}

/** Recognises speech in the audio of a session, each channel by itself. */
export class Transcriber {
  readonly #channels: readonly { recogniser: Recogniser; resampler: Resampler }[];

  constructor(
    private readonly format: AudioFormat,
    lexicon: Lexicon,
    options: UtteranceOptions,
  ) {
    this.#channels = Array.from({ length: format.channels }, () => ({
      recogniser: new Recogniser(lexicon, options),
      resampler: new Resampler(format.sampleRateHz, recogniserHz),
    }));
  }

  /** Whole frames only. */
  write(bytes: Buffer): ChannelEvent[] {
    return this.#channels.flatMap(({ recogniser, resampler }, channel) => {
      const samples = resampler.write(this.format.channel(bytes, channel));
      return recogniser.write(samples).map((event) => ({ channel, event }));
    });
  }

  finish(): ChannelEvent[] {
    return this.#channels.flatMap(({ recogniser }, channel) =>
      recogniser.finish().map((event) => ({ channel, event })),
    );
  }
}
