import type { GladiaMessage } from './gladia-message.js';
import type { GladiaUtterance } from './gladia-utterance.js';
import type { SessionResult } from './gladia-api.js';
import { ownedWords } from './owned-words.js';
import type { SessionSound } from './session-sound.js';
import { onSessionClock, type HeardUtterance } from './session-clock.js';
import { SAMPLE_RATE_HZ } from '../media/audio-format.js';
import type { Insight, SpeechWord } from './speech-to-text.js';
import { toldOnce } from './told-once.js';
import type { TranslationLedger } from './translation-ledger.js';
import { keyOf, type UtteranceLedger } from './utterance-ledger.js';

/** Sound that is sent again is a few seconds long. */
const MOST_FINALS = 4;

/** Where what is read goes: one of each for a whole stream. */
export interface Ledgers {
  readonly utterances: UtteranceLedger;
  readonly translations: TranslationLedger;
  insight(insight: Insight): void;
}

/** Hands what one Gladia session says to the ledgers, on the session clock. */
export class TranscriptReader {
  #isComplete = false;
  #hasSummary = false;
  /** The last finals, in which words of the next utterance may have been heard already. */
  #finals: readonly {
    readonly id: string;
    readonly channel?: number | undefined;
    readonly words: readonly SpeechWord[];
  }[] = [];
  #fromMs = 0;
  #untilMs = Infinity;

  constructor(
    private readonly ledgers: Ledgers,
    /** Which of the stream's Gladia sessions this is. */
    private readonly session: number,
    private readonly sound: SessionSound,
    private readonly startSamples: number,
  ) {}

  /** Whether the whole result was read, so that there is no need to ask for it. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  read(message: GladiaMessage): void {
    switch (message.kind) {
      case 'transcript':
        this.#hear(message);
        return;
      case 'translation':
        this.ledgers.translations.hear(
          keyOf(this.session, message.id, message.original.channel),
          this.#translated(message),
        );
        return;
      case 'result':
        this.#recoverUtterances(message.utterances);
        this.#isComplete = true;
        return;
      case 'entities':
        for (const { type, text } of message.entities) this.#tell({ kind: 'entity', type, text }, message.original);
        return;
      case 'sentiments':
        for (const each of message.sentiments) this.#tell({ kind: 'sentiment', ...each }, message.original);
        return;
      case 'summary':
        this.#summarize(message.text);
        return;
      default: // says nothing of what was spoken
    }
  }

  /** Takes the session's whole result and adds what the socket did not bring. */
  recover({ utterances, translations, summary }: Pick<SessionResult, 'utterances' | 'translations' | 'summary'>): void {
    this.#recoverUtterances(utterances);
    for (const translation of translations) {
      this.ledgers.translations.recover(this.session, this.#translated(translation));
    }
    this.#summarize(summary);
  }

  /** Words before this moment were heard by the session before this one. */
  ownFrom(ms: number): void {
    this.#fromMs = ms;
  }

  /** Words from this moment on are for the session after this one. */
  ownUntil(ms: number): void {
    this.#untilMs = ms;
  }

  settle(): void {
    this.ledgers.utterances.settle(this.session, (heard) => ownedWords(heard, this.#fromMs, this.#untilMs));
  }

  #hear({ id, final, utterance }: Extract<GladiaMessage, { kind: 'transcript' }>): void {
    this.sound.heard(Math.max(0, utterance.end) * SAMPLE_RATE_HZ);
    const placed = this.#place(utterance);
    const before = this.#finals.filter((each) => each.id !== id && each.channel === placed.channel);
    const heard = toldOnce(
      placed,
      before.flatMap(({ words }) => words),
    );
    if (heard.text === '' && placed.text !== '') {
      this.ledgers.utterances.repeated(this.session, id, final);
      return;
    }
    if (final) this.#finals = [...this.#finals, { id, channel: heard.channel, words: heard.words }].slice(-MOST_FINALS);
    this.ledgers.utterances.hear(this.session, id, final, heard);
  }

  #recoverUtterances(utterances: readonly GladiaUtterance[]): void {
    for (const utterance of utterances) this.ledgers.utterances.recover(this.session, this.#place(utterance));
  }

  #summarize(text: string): void {
    if (this.#hasSummary || text.trim() === '') return;
    this.#hasSummary = true;
    this.ledgers.insight({ kind: 'summary', text: text.trim() });
  }

  /** Gladia's own times of entities are not documented to be on any clock; those of their utterance are. */
  #tell(what: Untimed, original: GladiaUtterance): void {
    const { startMs, endMs } = this.#place(original);
    this.ledgers.insight({ ...what, startMs, endMs });
  }

  #translated({ language, utterance }: { language: string; utterance: GladiaUtterance }) {
    return { language, translated: this.#place(utterance) };
  }

  #place(utterance: GladiaUtterance): HeardUtterance {
    const heard = onSessionClock(utterance, (server) => this.sound.locate(server), this.startSamples);
    return ownedWords(heard, this.#fromMs, this.#untilMs);
  }
}

type Timed = Exclude<Insight, { kind: 'summary' }>;
type Untimed = Timed extends infer T ? (T extends Timed ? Omit<T, 'startMs' | 'endMs'> : never) : never;
