import { BoundedMap } from '../../collections/bounded-map.js';
import type { SpeechWord, Utterance } from '../../transcription/speech-to-text.js';
import {
  bareSpan,
  EmittedSpans,
  isMostlyFilled,
  isMostlyWithin,
  isRepeated,
  MAX_EMITTED_SPANS,
  type SpokenSpan,
} from './emitted-spans.js';
import type { TimedUtterance } from './engine-clock.js';
import type { TranslationTracker } from './translation-tracker.js';
import { selectWords } from './word-deduplicator.js';

interface OpenUtterance {
  readonly id: string;
  readonly session: number;
  /** What the last partial said. */
  latest: TimedUtterance;
}

/** An engine that opens more and finishes none gets the oldest finished. */
const MAX_OPEN = 200;

/**
 * Gives utterances their ids and emits them. Gladia may send things twice, late, out of order or not at all, and reuses its
 * ids; what is emitted has one id for each utterance, one final, and nothing after it. An utterance that repeats a final
 * as a whole, by time and text, is dropped.
 */
export class UtteranceTracker {
  readonly #open = new Map<string, OpenUtterance>();
  readonly #finals = new EmittedSpans();
  readonly #finalByKey = new BoundedMap<string, SpokenSpan>(MAX_EMITTED_SPANS);
  #count = 0;
  #duplicates = 0;

  constructor(
    private readonly emit: (utterance: Utterance) => void,
    private readonly translations?: TranslationTracker,
  ) {}

  /** How many finals were dropped as repetitions. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Takes an utterance of a transcript. `session` is the number of the Gladia session, since each counts its own ids. */
  receive(session: number, gladiaId: string, final: boolean, utterance: TimedUtterance): void {
    const key = keyOf(session, gladiaId, utterance.channel);
    const previous = this.#finalByKey.get(key);
    const isLate = previous !== undefined && (isMostlyWithin(previous, utterance) || isRepeated(previous, utterance));
    if (isLate || this.#isRepetition(utterance)) this.#drop(key, final);
    else if (final) this.#emitFinal(key, session, utterance);
    else if (utterance.text !== '') this.#emitPartial(key, session, utterance);
  }

  /** An utterance came all of whose words were emitted by another pass over the same audio. */
  dropRepeated(session: number, gladiaId: string, channel: number | undefined, final: boolean): void {
    this.#drop(keyOf(session, gladiaId, channel), final);
  }

  /** Takes an utterance of a session's result, and emits it if the socket did not bring its final. */
  recover(session: number, utterance: TimedUtterance): void {
    if (this.#isEmitted(utterance)) return;
    const key = this.#openKeyAt(session, utterance) ?? `${session}/recovered-${this.#count}`;
    this.#emitFinal(key, session, this.#withoutEmitted(utterance));
  }

  /**
   * Nothing more comes of this Gladia session: the last partial of an open utterance becomes its final.
   * @param clip cuts off what another Gladia session emits
   */
  finishSession(session: number, clip = (utterance: TimedUtterance): TimedUtterance => utterance): void {
    for (const [key, open] of [...this.#open]) {
      if (open.session !== session) continue;
      if (this.#isEmitted(open.latest)) this.#retract(key);
      else this.#emitFinal(key, session, clip(open.latest));
    }
  }

  /** Forgets what was said before this session time: nothing about it will come. */
  forgetBefore(ms: number): void {
    this.#finals.forgetBefore(ms);
    for (const [key, { endMs }] of this.#finalByKey) if (endMs < ms) this.#finalByKey.delete(key);
    this.translations?.forgetBefore(ms);
  }

  #emitPartial(key: string, session: number, utterance: TimedUtterance): void {
    const open = this.#open.get(key) ?? { id: this.#nextId(), session, latest: utterance };
    open.latest = utterance;
    this.#open.set(key, open);
    this.emit({ ...utterance, id: open.id, final: false });
    const [oldest] = this.#open;
    if (this.#open.size > MAX_OPEN && oldest !== undefined)
      this.#emitFinal(oldest[0], oldest[1].session, oldest[1].latest);
  }

  /** Whether it was emitted: the same words, or others that cover most of its time. */
  #isEmitted(utterance: TimedUtterance): boolean {
    return this.#isRepetition(utterance) || isMostlyFilled(utterance, this.#finals.near(utterance));
  }

  #isRepetition(utterance: TimedUtterance): boolean {
    return this.#finals.near(utterance).some((span) => isRepeated(span, utterance));
  }

  /** The utterance without the words at whose time something was emitted. */
  #withoutEmitted(utterance: TimedUtterance): TimedUtterance {
    const spans = this.#finals.near(utterance).filter((span) => isMostlyWithin(span, utterance));
    const isEmitted = ({ startMs, endMs }: SpeechWord): boolean =>
      spans.some((span) => (startMs + endMs) / 2 >= span.startMs && (startMs + endMs) / 2 <= span.endMs);
    return selectWords(
      utterance,
      utterance.words.map((word) => !isEmitted(word)),
    );
  }

  #emitFinal(key: string, session: number, utterance: TimedUtterance): void {
    const openId = this.#open.get(key)?.id;
    this.#open.delete(key);
    if (utterance.text === '' && openId === undefined) return;
    const id = openId ?? this.#nextId();
    const span = bareSpan(utterance);
    this.#finalByKey.set(key, span);
    if (utterance.text !== '') this.#finals.add(span);
    this.emit({ ...utterance, id, final: true });
    if (utterance.text !== '') this.translations?.addFinal(session, key, id, span);
  }

  #drop(key: string, final: boolean): void {
    if (!final) return;
    this.#duplicates += 1;
    this.translations?.dropUtterance(key);
    this.#retract(key);
  }

  /** Takes back the partials that were emitted: with an empty final. */
  #retract(key: string): void {
    const open = this.#open.get(key);
    if (open === undefined) return;
    this.#open.delete(key);
    this.emit({ ...open.latest, id: open.id, final: true, text: '', words: [] });
  }

  #openKeyAt(session: number, utterance: TimedUtterance): string | undefined {
    const found = [...this.#open].find(
      ([, open]) => open.session === session && isMostlyWithin(open.latest, utterance),
    );
    return found?.[0];
  }

  #nextId(): string {
    this.#count += 1;
    return String(this.#count);
  }
}

/** The engine's name of an utterance: each Gladia session counts its own ids, and perhaps each channel of it. */
export const keyOf = (session: number, gladiaId: string, channel = 0): string => `${session}/${channel}/${gladiaId}`;
