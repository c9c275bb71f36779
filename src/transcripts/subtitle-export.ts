import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Message, TranscriptMessage, TranslationMessage } from '../../libs/protocol/message.js';
import { kindsOf } from './message-row.js';
import type { Journals } from './journals.js';
import { SUBTITLES, type SubtitleEntry, type SubtitleForm } from './subtitles.js';

/** How many messages are read and written in one turn of the event loop. */
const MESSAGES_PER_TURN = 200;
/** Finals come in the order in which they end, or late: whoever is older than this is written where it came. */
const SORTED_WITHIN_MS = 300_000;
/** Shorter gaps are the start of a track. */
const SHORTEST_GAP_MS = 500;

const KINDS = kindsOf(['transcript', 'translation', 'status']);

export interface ExportOptions {
  readonly form: SubtitleForm;
  /** ISO 639-1: translations into this language take the place of what was said in others. */
  readonly language?: string | undefined;
  /** Unix time of session time 0: cues are shown when something was said, not when its audio came here. */
  readonly liveAtUnixMs?: number | undefined;
}

/**
 * A session's subtitles, piece by piece, with gaps as cues. Memory and the time of one turn of the event loop are constant,
 * however long the session is. Rejects with what the database throws.
 */
export async function* exportSubtitles(
  journals: Pick<Journals, 'page'>,
  sessionId: string,
  { form, language, liveAtUnixMs }: ExportOptions,
): AsyncGenerator<string> {
  const { head, write } = SUBTITLES[form];
  const entries = new SortedEntries(language, liveAtUnixMs);
  let number = 1;
  const written = (ready: readonly SubtitleEntry[]): string =>
    ready
      .map((entry) => {
        const { text, cues } = write(entry, number);
        number += cues;
        return text;
      })
      .join('');
  yield head;
  for (let after = 0; ;) {
    const messages = await journals.page(sessionId, KINDS, after, MESSAGES_PER_TURN);
    for (const message of messages) entries.add(message);
    const last = messages.at(-1);
    if (last === undefined || messages.length < MESSAGES_PER_TURN) break;
    after = last.seq;
    yield written(entries.takeSettled());
    await nextTurn();
  }
  yield written(entries.takeAll());
}

/** Puts entries into the order of speech, and gives each final its translation. */
class SortedEntries {
  #waiting: (TranscriptMessage | GapMessage)[] = [];
  /** By segment. */
  readonly #translations = new Map<string, TranslationMessage>();
  #latestMs = 0;

  constructor(
    private readonly language: string | undefined,
    private readonly liveAtUnixMs: number | undefined,
  ) {}

  add(message: Message): void {
    if (message.type === 'translation') {
      if (message.language === this.language) this.#translations.set(message.segmentId, message);
    } else if (isShown(message)) {
      this.#waiting.push(message);
      this.#latestMs = Math.max(this.#latestMs, message.startMs);
    }
  }

  /** Those before which nothing more will come. */
  takeSettled(): SubtitleEntry[] {
    const untilMs = this.#latestMs - SORTED_WITHIN_MS;
    const settled = this.#waiting.filter(({ startMs }) => startMs < untilMs);
    this.#waiting = this.#waiting.filter(({ startMs }) => startMs >= untilMs);
    return this.#entriesOf(settled);
  }

  takeAll(): SubtitleEntry[] {
    return this.#entriesOf(this.#waiting.splice(0));
  }

  #entriesOf(messages: readonly (TranscriptMessage | GapMessage)[]): SubtitleEntry[] {
    return messages.toSorted((a, b) => a.startMs - b.startMs).map((message) => this.#entry(message));
  }

  #entry(message: TranscriptMessage | GapMessage): SubtitleEntry {
    const { startMs, endMs } = message;
    if (message.type === 'status') return { startMs, endMs, speaker: undefined, text: message.message };
    const translation = this.#translations.get(message.segmentId);
    this.#translations.delete(message.segmentId);
    const speaker = message.speaker?.name || message.speaker?.identity || '';
    const latencyMs = Math.max(0, (this.liveAtUnixMs ?? 0) + startMs - Date.parse(message.startedAt));
    const earlier = (ms: number): number => Math.max(0, ms - latencyMs);
    const text = translation?.text ?? message.text;
    return { startMs: earlier(startMs), endMs: earlier(endMs), speaker, text };
  }
}

type GapMessage = Extract<Message, { type: 'status' }> & { readonly startMs: number; readonly endMs: number };

function isShown(message: Message): message is TranscriptMessage | GapMessage {
  if (message.type === 'transcript') return message.text !== '';
  if (message.type !== 'status' || message.status !== 'gap') return false;
  return message.startMs !== undefined && (message.endMs ?? 0) - message.startMs >= SHORTEST_GAP_MS;
}
