import { bareSpan, isMostlyFilled, isMostlyWithin, isRepeated, type SpokenSpan } from './span-overlap.js';
import type { TimedUtterance } from './session-clock.js';
import { selectWords } from './select-words.js';
import { BoundedMap } from '../../collections/bounded-map.js';
import type { SpeechWord, Utterance } from '../../transcription/speech-to-text.js';
import { MAX_EMITTED_SPANS, EmittedSpans } from './emitted-spans.js';
import type { TranslationTracker } from './translation-tracker.js';

interface OpenUtterance {
  readonly id: string;
  readonly session: number;
  heard: TimedUtterance;
}

/** Nobody begins so many and finishes none; what was begun first is final then. */
const MOST_OPEN = 200;

/**
 * What was heard so far. Gladia may say things twice, late, out of order or not at all, and reuses its ids; from here on
 * each utterance has one id, one final, and nothing after it.
 */
export class UtteranceTracker {
  readonly #open = new Map<string, OpenUtterance>();
  readonly #finals = new EmittedSpans();
  readonly #finalOf = new BoundedMap<string, SpokenSpan>(MAX_EMITTED_SPANS);
  #count = 0;
  #duplicates = 0;

  constructor(
    private readonly emit: (utterance: Utterance) => void,
    private readonly translations?: TranslationTracker,
  ) {}

  get duplicates(): number {
    return this.#duplicates;
  }

  /** Takes a transcript of a socket. `session` counts the Gladia sessions, since each counts its own ids. */
  receive(session: number, gladiaId: string, final: boolean, heard: TimedUtterance): void {
    const key = keyOf(session, gladiaId, heard.channel);
    const before = this.#finalOf.get(key);
    const isLate = before !== undefined && (isMostlyWithin(before, heard) || isRepeated(before, heard));
    if (isLate || this.#isRepetition(heard)) this.#repeat(key, final);
    else if (final) this.#finish(key, session, heard);
    else if (heard.text !== '') this.#hearPartial(key, session, heard);
  }

  /** All of an utterance was heard before. */
  repeated(session: number, gladiaId: string, channel: number | undefined, final: boolean): void {
    this.#repeat(keyOf(session, gladiaId, channel), final);
  }

  #hearPartial(key: string, session: number, heard: TimedUtterance): void {
    const open = this.#open.get(key) ?? { id: this.#nextId(), session, heard };
    open.heard = heard;
    this.#open.set(key, open);
    this.emit({ ...heard, id: open.id, final: false });
    const [oldest] = this.#open;
    if (this.#open.size > MOST_OPEN && oldest !== undefined)
      this.#finish(oldest[0], oldest[1].session, oldest[1].heard);
  }

  /** Takes an utterance of a session's result: news only if the socket missed its final. */
  recover(session: number, heard: TimedUtterance): void {
    if (this.#isTold(heard)) return;
    const key = this.#openAt(session, heard) ?? `${session}/recovered-${this.#count}`;
    this.#finish(key, session, this.#untold(heard));
  }

  /** Nothing more comes of this session: what it last heard of an utterance is its final. */
  settle(session: number, owned = (heard: TimedUtterance): TimedUtterance => heard): void {
    for (const [key, open] of [...this.#open]) {
      if (open.session !== session) continue;
      if (this.#isTold(open.heard)) this.#takeBack(key);
      else this.#finish(key, session, owned(open.heard));
    }
  }

  /** Nobody will say anything any more of what was said before this moment. */
  forgetBefore(ms: number): void {
    this.#finals.forgetBefore(ms);
    for (const [key, { endMs }] of this.#finalOf) if (endMs < ms) this.#finalOf.delete(key);
    this.translations?.forgetBefore(ms);
  }

  /** Whether it was told before: the same, or others that fill most of its time. */
  #isTold(heard: TimedUtterance): boolean {
    return this.#isRepetition(heard) || isMostlyFilled(heard, this.#finals.near(heard));
  }

  #isRepetition(heard: TimedUtterance): boolean {
    return this.#finals.near(heard).some((span) => isRepeated(span, heard));
  }

  /** What is left of it beside what was told. */
  #untold(heard: TimedUtterance): TimedUtterance {
    const spans = this.#finals.near(heard).filter((span) => isMostlyWithin(span, heard));
    const isTold = ({ startMs, endMs }: SpeechWord): boolean =>
      spans.some((span) => (startMs + endMs) / 2 >= span.startMs && (startMs + endMs) / 2 <= span.endMs);
    return selectWords(
      heard,
      heard.words.map((word) => !isTold(word)),
    );
  }

  #finish(key: string, session: number, heard: TimedUtterance): void {
    const known = this.#open.get(key)?.id;
    this.#open.delete(key);
    if (heard.text === '' && known === undefined) return;
    const id = known ?? this.#nextId();
    const span = bareSpan(heard);
    this.#finalOf.set(key, span);
    if (heard.text !== '') this.#finals.add(span);
    this.emit({ ...heard, id, final: true });
    if (heard.text !== '') this.translations?.finished(session, key, id, span);
  }

  #repeat(key: string, final: boolean): void {
    if (!final) return;
    this.#duplicates += 1;
    this.translations?.dropped(key);
    this.#takeBack(key);
  }

  #takeBack(key: string): void {
    const open = this.#open.get(key);
    if (open === undefined) return;
    this.#open.delete(key);
    this.emit({ ...open.heard, id: open.id, final: true, text: '', words: [] });
  }

  #openAt(session: number, heard: TimedUtterance): string | undefined {
    const found = [...this.#open].find(([, open]) => open.session === session && isMostlyWithin(open.heard, heard));
    return found?.[0];
  }

  #nextId(): string {
    this.#count += 1;
    return String(this.#count);
  }
}

/** Each Gladia session counts its own ids, and perhaps each channel of it. */
export const keyOf = (session: number, gladiaId: string, channel = 0): string => `${session}/${channel}/${gladiaId}`;
