import type { Lexicon } from './lexicon.js';
import { UnknownSpeech } from './unknown-speech.js';
import type { RecogniserEvent, Utterance, UtteranceOptions } from './utterance.js';
import { UtteranceBuilder } from './utterance-builder.js';
import { VoiceActivity } from './voice-activity.js';
import { WordListener } from './word-listener.js';

export const recogniserHz = 16_000;

const frameSamples = 320;
const samplesPerMs = recogniserHz / 1000;
const tailFrames = 75;
const unknownConfidence = 0.3;

/** Recognises the bundled recordings in one 16 kHz mono stream. No clock but the samples, no I/O. */
export class Recogniser {
  readonly #listener: WordListener;
  readonly #voice = new VoiceActivity();
  readonly #builder: UtteranceBuilder;
  readonly #unknown: UnknownSpeech;
  readonly #frame = new Int16Array(frameSamples);
  #filled = 0;
  #samples = 0;
  #utterances = 0;

  constructor(lexicon: Lexicon, options: UtteranceOptions) {
    this.#listener = new WordListener(lexicon);
    this.#unknown = new UnknownSpeech(options.maximumMs);
    const wasActive = (fromMs: number, toMs: number): boolean => this.#voice.wasActive(fromMs, toMs);
    this.#builder = new UtteranceBuilder(options, () => this.#utterances++, wasActive);
  }

  /** Takes the next samples, any number of them; returns the events that they cause. */
  write(samples: Int16Array): RecogniserEvent[] {
    const events: RecogniserEvent[] = [];
    for (let at = 0; at < samples.length;) {
      const part = samples.subarray(at, at + frameSamples - this.#filled);
      this.#frame.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < frameSamples) break;
      this.#filled = 0;
      events.push(...this.#takeFrame(this.#frame));
    }
    return events;
  }

  /** The sound ends here: decides what is open. The recogniser must not be written to again. */
  finish(): RecogniserEvent[] {
    this.#frame.fill(0, this.#filled);
    const events = this.#takeFrame(this.#frame);
    const silence = new Int16Array(frameSamples);
    for (let i = 0; i < tailFrames; i++) events.push(...this.#takeFrame(silence));
    return [...events, ...this.#builder.flush()];
  }

  #takeFrame(frame: Int16Array): RecogniserEvent[] {
    this.#samples += frameSamples;
    const nowMs = this.#samples / samplesPerMs;
    const events = this.#voiceEvents(frame);
    for (const word of this.#listener.write(frame)) {
      this.#builder.add(word);
      this.#unknown.addWord(word);
    }
    const unknown = this.#unknown.take(nowMs).map((span) => this.#notUnderstood(span.startMs, span.endMs));
    return [...events, ...this.#builder.advance(nowMs), ...unknown];
  }

  #voiceEvents(frame: Int16Array): RecogniserEvent[] {
    const stretch = this.#voice.write(frame);
    if (!stretch) return [];
    if (stretch.endMs !== undefined) return [{ type: 'speech-end', atMs: stretch.endMs }];
    this.#unknown.add(stretch);
    return [{ type: 'speech-start', atMs: stretch.startMs }];
  }

  #notUnderstood(startMs: number, endMs: number): RecogniserEvent {
    const text = `[speech ${((endMs - startMs) / 1000).toFixed(1)} s]`;
    const word = { text, startMs, endMs, confidence: unknownConfidence };
    const utterance: Utterance = { ...word, id: this.#utterances++, language: undefined, words: [word] };
    return { type: 'final', utterance };
  }
}
