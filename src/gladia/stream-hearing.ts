import { Logger } from '@nestjs/common';
import { errorKind } from '../logging/error-kind.js';
import { samplesToMs } from '../media/audio-format.js';
import { FaultLog } from './fault-log.js';
import type { GladiaMessage } from './gladia-message.js';
import type { SessionSound } from './session-sound.js';
import type { SpeechListener } from './speech-to-text.js';
import type { StreamState } from './stream-state.js';
import { TranscriptReader, type Ledgers } from './transcript-reader.js';
import { TranslationLedger } from './translation-ledger.js';
import { UtteranceLedger } from './utterance-ledger.js';

/** What comes back for one stream, from all of its Gladia sessions, on its way to who listens. */
export class StreamHearing {
  readonly #logger = new Logger('Gladia');
  readonly #faults = new FaultLog(this.#logger);
  readonly #ledgers: Ledgers;
  #readers = 0;

  constructor(
    private readonly state: StreamState,
    private readonly startSamples: number,
    private readonly listener: SpeechListener,
  ) {
    const translations = new TranslationLedger((translation) => listener.translation(translation));
    const utterances = new UtteranceLedger((utterance) => listener.utterance(utterance), translations);
    this.#ledgers = { utterances, translations, insight: (insight) => listener.insight(insight) };
  }

  get duplicates(): number {
    return this.#ledgers.utterances.duplicates;
  }

  /** For one more Gladia session. */
  reader(sound: SessionSound): TranscriptReader {
    return new TranscriptReader(this.#ledgers, (this.#readers += 1), sound, this.startSamples);
  }

  message(message: GladiaMessage, reader: TranscriptReader): void {
    if (message.kind === 'recording' || message.kind === 'acknowledged') this.state.enter('live');
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
