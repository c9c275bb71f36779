import type { SpeechOptions } from '../config/speech-options.js';

export interface SpeechWord {
  /** Without the space around it. */
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0..1 */
  readonly confidence: number;
}

/** Something that was said, as far as the engine knows by now. It does not know by whom. */
export interface Utterance {
  /** Unique within the stream, the same from the first partial to the final. */
  readonly id: string;
  readonly final: boolean;
  /** Trimmed. Empty in a final: nothing was said after all. */
  readonly text: string;
  /** ISO 639-1, or empty where the engine does not say. */
  readonly language: string;
  /** 0..1 */
  readonly confidence: number;
  readonly startMs: number;
  readonly endMs: number;
  /** In which channel it was heard, counted from 0; undefined where there is but one, or the engine does not say. */
  readonly channel?: number | undefined;
  /** Empty where the engine has no word times. */
  readonly words: readonly SpeechWord[];
}

/** What was said, in another language. Comes after the final of its utterance, once in each language. */
export interface Translation {
  readonly utteranceId: string;
  /** ISO 639-1, of the translation. */
  readonly language: string;
  /** Trimmed, never empty. */
  readonly text: string;
  /** In the order of the text, with times where the engine aligns them; else empty. */
  readonly words: readonly SpeechWord[];
}

/** What an engine makes of the words, beside the transcript. */
export type Insight =
  | {
      readonly kind: 'entity';
      readonly type: string;
      readonly text: string;
      readonly startMs: number;
      readonly endMs: number;
    }
  | {
      readonly kind: 'sentiment';
      readonly sentiment: string;
      readonly emotion: string;
      readonly text: string;
      readonly startMs: number;
      readonly endMs: number;
    }
  | { readonly kind: 'summary'; readonly text: string };

export type SpeechState =
  'connecting' | 'live' | 'idle' | 'waiting-for-slot' | 'reconnecting' | 'refused' | 'draining' | 'ended';

export interface SpeechCounters {
  chunksSent: number;
  bytesSent: number;
  bytesAcknowledged: number;
  /** Sound that was taken in and not yet sent. */
  backlogMs: number;
  reconnects: number;
  /** How many sessions the engine was asked for, in this stream. */
  engineSessions: number;
  malformed: number;
  /** Finals that said again what was already final. */
  duplicates: number;
  gapMs: number;
}

export interface SpeechReport {
  readonly state: SpeechState;
  /** Why, in words that hold no secret; empty when there is nothing to say. */
  readonly reason: string;
  readonly counters: Readonly<SpeechCounters>;
}

/**
 * What a stream tells. Called synchronously. After the state `ended` comes nothing but what the engine gave out too late to
 * be waited for: finals, their translations, insights.
 */
export interface SpeechListener {
  /** An utterance was heard, or heard better. Nothing comes for an id after its final. */
  utterance(utterance: Utterance): void;
  translation(translation: Translation): void;
  insight(insight: Insight): void;
  stateChanged(report: SpeechReport): void;
  /** What was said then can no longer be transcribed. */
  gap(startMs: number, endMs: number): void;
}

export interface SpeechRequest {
  readonly sessionId: string;
  /** Where on the session clock the first sample lies, in 16 kHz samples. All times that come back are of that clock. */
  readonly startSamples: number;
  readonly options: SpeechOptions;
  /** How many channels the sound has, interleaved; one where it is not said. */
  readonly channels?: number;
  /** Whether anybody spoke between two session times, as far as that is known before any words are. */
  readonly spokeBetween: (fromMs: number, toMs: number) => boolean;
}

/** Sound in, utterances out, for one session. */
export interface SpeechStream {
  readonly report: SpeechReport;
  /** Takes the next 16 kHz S16 samples, of all channels in turn, and copies them. Never throws, never waits. */
  write(samples: Int16Array): void;
  /** No more sound comes; what is on the way is still transcribed, then the state is `ended`. Idempotent. */
  close(): void;
  /** Ends at once and loses what is on the way. Idempotent. */
  abort(): void;
}

/** A speech-to-text engine. `open` begins at once and reports trouble as a state, never by throwing. */
export abstract class SpeechToText {
  abstract open(request: SpeechRequest, listener: SpeechListener): SpeechStream;
}
