import type {
  Message,
  SnapshotMessage,
  StatusMessage,
  TranscriptMessage,
  TranslationMessage,
} from '../../libs/protocol/message.js';
import { BoundedMap } from '../collections/bounded-map.js';
import { isFinal, isTranscript } from './message-row.js';

const SEGMENTS = 20;
const GAPS = 5;

/** What is on the screens of a session's listeners: the last finals with their translations, interims, gaps, and the state. */
export class SnapshotSource {
  /** Without the times of their words. */
  #finals: SnapshotMessage['segments'][number][] = [];
  /** The last partial of each segment that has no final. */
  readonly #open = new Map<string, TranscriptMessage>();
  /** By segment and language. */
  readonly #translations = new BoundedMap<string, TranslationMessage>(SEGMENTS * 4);
  #gaps: StatusMessage[] = [];
  #state: StatusMessage | undefined;

  get openSegments(): readonly TranscriptMessage[] {
    return [...this.#open.values()];
  }

  add(message: Message): void {
    if (isTranscript(message)) this.#addTranscript(message);
    if (message.type === 'translation') this.#translations.set(`${message.segmentId} ${message.language}`, message);
    if (message.type === 'status') this.#addStatus(message);
  }

  /** Drops messages whose words were erased. */
  erase(isErased: (message: Message) => boolean): void {
    this.#finals = this.#finals.filter((final) => !isErased(final));
    this.#gaps = this.#gaps.filter((gap) => !isErased(gap));
    for (const [key, message] of this.#open) if (isErased(message)) this.#open.delete(key);
    for (const [key, message] of this.#translations) if (isErased(message)) this.#translations.delete(key);
  }

  /** Undefined where there is nothing to show. */
  snapshot(sessionId: string, seq: number): SnapshotMessage | undefined {
    const interims = this.openSegments.map(({ words: _, ...interim }) => interim);
    const segments = [...this.#finals, ...interims];
    const shown = new Set(segments.map(({ segmentId }) => segmentId));
    const fromMs = segments[0]?.startMs ?? 0;
    const translations = [...this.#translations.values()].filter(({ segmentId }) => shown.has(segmentId));
    const gaps = this.#gaps.filter(({ endMs = 0 }) => endMs > fromMs);
    const statuses = [...gaps, ...(this.#state === undefined ? [] : [this.#state])];
    if (segments.length + statuses.length === 0) return undefined;
    return {
      ...{ v: 1, type: 'snapshot', sessionId, seq, segments },
      ...(translations.length > 0 && { translations }),
      ...(statuses.length > 0 && { statuses }),
    };
  }

  #addTranscript(message: TranscriptMessage): void {
    if (!message.final) this.#open.set(message.segmentId, message);
    else this.#open.delete(message.segmentId);
    if (!isFinal(message)) return;
    const { words: _, ...final } = message;
    this.#finals = [...this.#finals, final].slice(-SEGMENTS);
  }

  #addStatus(message: StatusMessage): void {
    if (message.status === 'gap') this.#gaps = [...this.#gaps, message].slice(-GAPS);
    else this.#state = message;
  }
}
