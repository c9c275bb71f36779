import { Logger } from '@nestjs/common';
import type { SpeechOptions } from '../../config/speech-options.js';
import { errorKind } from '../../logging/error-kind.js';
import { samplesToMs } from '../../media/audio-format.js';
import { FaultLog } from './fault-log.js';
import type { GladiaMessage } from '../api/gladia-message.js';
import type { SessionAudio } from '../resume/session-audio.js';
import type { SpeechListener } from '../../transcription/speech-to-text.js';
import type { StreamState } from '../../transcription/stream-state.js';
import { TranscriptReader, type TranscriptOutputs } from '../resume/transcript-reader.js';
import { TranslationTracker } from '../resume/translation-tracker.js';
import { UtteranceTracker } from '../resume/utterance-tracker.js';

const SIGNS_OF_LIFE: ReadonlySet<GladiaMessage['kind']> = new Set(['recording', 'acknowledged', 'transcript']);

/** What comes back for one stream, from all of its Gladia sessions, on its way to who listens. */
export class StreamTranscripts {
  readonly #logger = new Logger('Gladia');
  readonly #faults = new FaultLog(this.#logger);
  readonly #ledgers: TranscriptOutputs;
  /** From when on the Gladia sessions heard that may still say something. */
  readonly #heardFromMs = new Map<TranscriptReader, number>();
  #readers = 0;

  constructor(
    private readonly state: StreamState,
    private readonly startSamples: number,
    private readonly listener: SpeechListener,
    private readonly options: Pick<SpeechOptions, 'summary' | 'translateTo'> = { translateTo: [] },
  ) {
    const translations = new TranslationTracker((translation) => listener.translation(translation));
    const utterances = new UtteranceTracker((utterance) => listener.utterance(utterance), translations);
    this.#ledgers = { utterances, translations, insight: (insight) => listener.insight(insight) };
  }

  get duplicates(): number {
    return this.#ledgers.utterances.duplicates;
  }

  /** For one more Gladia session, which hears the sound from a sample of the log on. */
  reader(sound: SessionAudio, from: number): TranscriptReader {
    const reader = new TranscriptReader(this.#ledgers, (this.#readers += 1), sound, this.startSamples);
    this.#heardFromMs.set(reader, this.ms(from));
    this.#forget();
    return reader;
  }

  /** Nothing more comes of a Gladia session, nor of its result. */
  close(reader: TranscriptReader): void {
    this.#heardFromMs.delete(reader);
    this.#forget();
  }

  /** What nobody hears who may still say something cannot be said again. */
  #forget(): void {
    const fromMs = Math.min(...this.#heardFromMs.values());
    if (fromMs < Infinity) this.#ledgers.utterances.forgetBefore(fromMs);
  }

  /** @param isCurrent whether it is of the session that hears what is said now: an earlier one says nothing of the state */
  message(message: GladiaMessage, reader: TranscriptReader, isCurrent = true): void {
    if (isCurrent && SIGNS_OF_LIFE.has(message.kind)) this.state.enter('live');
    if (message.kind === 'problem') this.#faults.note(`a failed ${message.of}`);
    if (message.kind === 'malformed') {
      this.state.counters.malformed += 1;
      this.#faults.note(`a malformed message: ${message.what}`);
    }
    try {
      reader.read(message);
    } catch (error) {
      this.failed(error); // a fault in what listens is no reason to go deaf
    }
  }

  /** Whether the sockets of a session brought all that was asked for. */
  hasAll(reader: TranscriptReader): boolean {
    const { summary, translateTo } = this.options;
    const hasSummary = summary === undefined || reader.hasSummary;
    return reader.isComplete && hasSummary && this.#ledgers.translations.hasAll(translateTo);
  }

  /** The stream is over. */
  end(): void {
    this.#faults.total();
  }

  failed(error: unknown): void {
    this.#logger.error(`the transcription of a session hit a fault: ${errorKind(error)}`);
  }

  /** Samples of the log that no session will ever hear. */
  gap(from: number, to: number): void {
    this.state.counters.gapMs += Math.round(samplesToMs(to - from));
    this.listener.gap(this.ms(from), this.ms(to));
  }

  /** Where a sample of the log lies on the session clock. */
  ms(position: number): number {
    return Math.round(samplesToMs(this.startSamples + position));
  }
}
