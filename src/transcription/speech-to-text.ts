import type { SpeechOptions } from '../config/speech-options.js';
import type { TranscriptionState } from '../sessions/session-states.port.js';

/** A word with its times on the session clock. */
export interface SpeechWord {
  /** Without the space around it. */
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0..1 */
  readonly confidence: number;
}

/** What somebody said without a longer pause, as far as the engine has understood it. It does not say who. */
export interface Utterance {
  /** Unique within the stream, the same from the first partial to the final. */
  readonly id: string;
  /** Whether this is the last version of the utterance. */
  readonly final: boolean;
  /** Trimmed. Empty in a final: the partials are retracted, nothing was said. */
  readonly text: string;
  /** ISO 639-1, or empty where the engine does not say. */
  readonly language: string;
  /** 0..1 */
  readonly confidence: number;
  readonly startMs: number;
  readonly endMs: number;
  /** The channel of the audio, from 0; undefined where there is only one, or the engine does not say. */
  readonly channel?: number | undefined;
  /** In the order of the text. Empty where the engine has no word times. */
  readonly words: readonly SpeechWord[];
}

/** The translation of an utterance. Comes after its final, once for each language. */
export interface Translation {
  readonly utteranceId: string;
  /** ISO 639-1, of the translation. */
  readonly language: string;
  /** Trimmed, never empty. */
  readonly text: string;
  /** In the order of the text, where the engine gives word times; otherwise empty. */
  readonly words: readonly SpeechWord[];
}

/** What an engine derives from the words, beside the transcript. */
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

/**
 * - `connecting`: not ready yet; audio is kept
 * - `live`: audio is being transcribed
 * - `idle`: nobody speaks, so nothing is sent
 * - `waiting-for-slot`: the engine has no free session for this stream; audio is kept
 * - `reconnecting`: the engine cannot be reached; audio is kept
 * - `refused`: the engine does not accept the account or the options; a retry does not help
 * - `draining`: closed, and the rest is being transcribed
 * - `ended`: nothing more is sent
 */
export type SpeechState = TranscriptionState['state'];

/** Counts since the stream was opened. */
export interface SpeechCounters {
  chunksSent: number;
  bytesSent: number;
  bytesAcknowledged: number;
  /** Audio that was received and is not sent yet. */
  backlogMs: number;
  /** How often the connection to the engine was lost. */
  reconnects: number;
  /** Sessions that were created at the engine. */
  engineSessions: number;
  /** Messages of the engine that could not be understood. */
  malformed: number;
  /** Finals that were dropped because they repeated an earlier one. */
  duplicates: number;
  /** Audio that will never be transcribed. */
  gapMs: number;
}

export interface SpeechReport {
  readonly state: SpeechState;
  /** Why, in words that hold no secret; empty when there is nothing to say. */
  readonly reason: string;
  readonly counters: Readonly<SpeechCounters>;
  /** Of an engine that acknowledges audio. */
  readonly acknowledgment?: Acknowledgment;
}

/** How an engine acknowledges audio now. */
export interface Acknowledgment {
  /** Audio that was sent and is not acknowledged. */
  readonly unacknowledgedMs: number;
  /** From sending audio to its acknowledgment, lately; undefined before the first one. */
  readonly roundTripMs: number | undefined;
}

/**
 * What a stream reports. Called synchronously. After the state `ended` only what the engine delivers too late to be waited
 * for may come: finals, their translations, insights.
 */
export interface SpeechListener {
  /** A new utterance, or a new version of one. Nothing comes for an id after its final. */
  utterance(utterance: Utterance): void;
  translation(translation: Translation): void;
  insight(insight: Insight): void;
  stateChanged(report: SpeechReport): void;
  /** What was said between these session times will not be transcribed. */
  gap(startMs: number, endMs: number): void;
}

export interface SpeechRequest {
  readonly sessionId: string;
  /** Where the first sample lies on the session clock, in 16 kHz samples. All times in the results are on that clock. */
  readonly startSamples: number;
  readonly options: SpeechOptions;
  /** Number of interleaved channels of the audio; 1 where unset. */
  readonly channels?: number;
  /** Whether anybody spoke between two session times, by the level of the audio. */
  readonly spokeBetween: (fromMs: number, toMs: number) => boolean;
}

/** The transcription of one session: audio in, utterances out. */
export interface SpeechStream {
  readonly report: SpeechReport;
  /** Takes the next samples, S16 at 16 kHz, channels interleaved, and copies them. Never throws, never blocks. */
  write(samples: Int16Array): void;
  /** No more audio comes: the rest is transcribed, then the state is `ended`. Idempotent. */
  close(): void;
  /** Ends at once, without the rest. Idempotent. */
  abort(): void;
}

/** A speech-to-text engine. `open` starts at once, and reports problems as states: it does not throw. */
export abstract class SpeechToText {
  abstract open(request: SpeechRequest, listener: SpeechListener): SpeechStream;
}
