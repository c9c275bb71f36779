import { Logger } from '@nestjs/common';
import type { SpeechOptions } from '../../config/speech-options.js';
import { errorKind } from '../../logging/error-kind.js';
import { samplesToMs } from '../../media/audio-format.js';
import type { SpeechListener } from '../../transcription/speech-to-text.js';
import type { StreamState } from '../../transcription/stream-state.js';
import type { SessionResult } from '../api/gladia-api.js';
import type { GladiaMessage } from '../api/gladia-message.js';
import type { EngineClock } from '../resume/engine-clock.js';
import { TranscriptReader, type TranscriptOutputs } from '../resume/transcript-reader.js';
import { TranslationTracker } from '../resume/translation-tracker.js';
import { UtteranceTracker } from '../resume/utterance-tracker.js';

/** Messages that prove that audio is being transcribed. */
const SIGNS_OF_LIFE: ReadonlySet<GladiaMessage['kind']> = new Set(['recording', 'acknowledged', 'transcript']);

/** What all Gladia sessions of one stream send back, on its way to the listener. */
export class StreamTranscripts {
  readonly #logger = new Logger('Gladia');
  readonly #faults = new FaultLog(this.#logger);
  readonly #outputs: TranscriptOutputs;
  /** The session time at which the audio of each open reader begins. */
  readonly #startMs = new Map<TranscriptReader, number>();
  #readers = 0;

  constructor(
    private readonly state: StreamState,
    private readonly startSamples: number,
    private readonly listener: SpeechListener,
    private readonly options: Pick<SpeechOptions, 'summary' | 'translateTo'> = { translateTo: [] },
  ) {
    const translations = new TranslationTracker((translation) => listener.translation(translation));
    const utterances = new UtteranceTracker((utterance) => listener.utterance(utterance), translations);
    this.#outputs = { utterances, translations, insight: (insight) => listener.insight(insight) };
  }

  /** How many finals were dropped as repetitions. */
  get duplicates(): number {
    return this.#outputs.utterances.duplicates;
  }

  /** For one more Gladia session, which gets the audio from a log position on. */
  openReader(clock: EngineClock, from: number): TranscriptReader {
    const reader = new TranscriptReader(this.#outputs, (this.#readers += 1), clock);
    this.#startMs.set(reader, this.sessionMs(from));
    this.#forget();
    return reader;
  }

  /** Nothing more comes of a Gladia session, nor of its result. */
  closeReader(reader: TranscriptReader): void {
    this.#startMs.delete(reader);
    this.#forget();
  }

  /** What was said before the audio of all open readers begins cannot be repeated. */
  #forget(): void {
    const fromMs = Math.min(...this.#startMs.values());
    if (fromMs < Infinity) this.#outputs.utterances.forgetBefore(fromMs);
  }

  /** @param isCurrent whether it is of the session that gets the audio now: an earlier one does not change the state */
  receive(message: GladiaMessage, reader: TranscriptReader, isCurrent = true): void {
    if (isCurrent && SIGNS_OF_LIFE.has(message.kind)) this.state.enter('live');
    if (message.kind === 'problem') this.#faults.record(`a failed ${message.of}`);
    if (message.kind === 'malformed') {
      this.state.counters.malformed += 1;
      this.#faults.record(`a malformed message: ${message.what}`);
    }
    try {
      reader.read(message);
    } catch (error) {
      this.logFailure(error); // an error in a listener must not end the transcription
    }
  }

  /** Emits, from the result of a session that has ended, what its sockets did not bring. Never rejects. */
  async recover(reader: TranscriptReader, fetchResult: () => Promise<SessionResult>): Promise<void> {
    try {
      if (!this.#hasAll(reader)) reader.recover(await fetchResult());
    } catch (error) {
      this.logFailure(error);
    }
  }

  /** Whether the sockets of a session brought everything that was requested. */
  #hasAll(reader: TranscriptReader): boolean {
    const { summary, translateTo } = this.options;
    const hasSummary = summary === undefined || reader.hasSummary;
    return reader.isComplete && hasSummary && this.#outputs.translations.hasAll(translateTo);
  }

  /** The stream has ended. */
  end(): void {
    this.#faults.summarize();
  }

  logFailure(error: unknown): void {
    this.#logger.error(`the transcription of a session failed: ${errorKind(error)}`);
  }

  /** Reports audio, by its log positions, that no Gladia session will receive. */
  gap(from: number, to: number): void {
    this.state.counters.gapMs += Math.round(samplesToMs(to - from));
    this.listener.gap(this.sessionMs(from), this.sessionMs(to));
  }

  /** The session time of a log position. */
  sessionMs(position: number): number {
    return Math.round(samplesToMs(this.startSamples + position));
  }
}

/** Logs the first fault of each kind, and one line for all repetitions at the end: a faulty server cannot flood the log. */
class FaultLog {
  readonly #counts = new Map<string, number>();

  constructor(private readonly logger: Pick<Logger, 'warn'>) {}

  /** @param kind one of a few fixed names, nothing that the server wrote */
  record(kind: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count === 1) this.logger.warn(`Gladia sent ${kind}`);
  }

  /** Logs how often each repeated fault occurred. */
  summarize(): void {
    const repeated = [...this.#counts].filter(([, count]) => count > 1);
    if (repeated.length === 0) return;
    this.logger.warn(`Gladia sent in all ${repeated.map(([kind, count]) => `${kind} (${count} times)`).join(', ')}`);
  }
}
