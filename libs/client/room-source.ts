import { backoffMs } from './backoff.js';
import type { Credential } from './credential.js';
import { History } from './history.js';
import type { Message } from './messages.js';
import { OFFLINE, type TranscriptState } from './transcript.js';

/** What is used of a room of `livekit-client` or `@livekit/rtc-node`: both fit as they are. */
export interface TranscriptRoom {
  readonly name?: string | undefined;
  readonly localParticipant?: { setAttributes(attributes: Record<string, string>): Promise<unknown> } | undefined;
  on(event: RoomEvent, listener: (...values: unknown[]) => void): unknown;
  off(event: RoomEvent, listener: (...values: unknown[]) => void): unknown;
}

type RoomEvent = 'dataReceived' | 'connected' | 'reconnecting' | 'reconnected' | 'disconnected';

export interface RoomOptions {
  /** The service's address, such as `https://scribe.example.com`. Without it, what is missed stays missing. */
  readonly api?: string;
  /** The LiveKit token that you join with, or what returns a fresh one. */
  readonly token?: Credential;
  /** Asks the service for translations into this language. */
  readonly language?: string | undefined;
  /** The service's `TRANSCRIPTION_TOPIC`. Default: `transcription`. */
  readonly topic?: string;
}

/** Missed messages are asked for this long after a hole is seen, spread so that listeners do not all ask at once. */
const HOLE_MS = 150;
/** After silence the service is asked whether it was silence; each empty answer doubles the time, up to a minute. */
const QUIET_MS = 10_000;
const MOST_QUIET_MS = 60_000;
const TOPIC = 'transcription';

/** Feeds a transcript from the data packets of a room, and over HTTP with what they left out. */
export class RoomSource {
  readonly #state: TranscriptState;
  readonly #room: TranscriptRoom;
  readonly #language: string | undefined;
  readonly #ending = new AbortController();
  readonly #history: History | undefined;
  readonly #handlers: readonly (readonly [RoomEvent, (...values: unknown[]) => void])[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #quietMs = QUIET_MS;
  #failures = 0;
  /** A request runs, or is due before the silence is over. */
  #isAsking = false;
  /** The room may have another session than the one that is shown. */
  #mayHaveNext = true;

  constructor(state: TranscriptState, room: TranscriptRoom, { api, token, language, topic = TOPIC }: RoomOptions) {
    this.#state = state;
    this.#room = room;
    this.#language = language;
    if (api !== undefined) this.#history = new History(api, token, this.#ending.signal);
    const join = (): void => this.#join();
    const leave = (): void => {
      clearTimeout(this.#timer);
      state.connection(OFFLINE);
    };
    const onData = (payload: unknown, sender: unknown, _kind: unknown, itsTopic: unknown): void => {
      // Packets of the service have no sender: a participant who publishes on the topic is not believed.
      if (!sender && itsTopic === topic) this.#read(payload as Uint8Array);
    };
    this.#handlers = [
      ['dataReceived', onData],
      ['connected', join],
      ['reconnected', join],
      ['reconnecting', leave],
      ['disconnected', leave],
    ];
    for (const [event, handler] of this.#handlers) room.on(event, handler);
    this.#join();
  }

  close(): void {
    for (const [event, handler] of this.#handlers) this.#room.off(event, handler);
    this.#ending.abort();
    clearTimeout(this.#timer);
  }

  #join(): void {
    this.#state.connection();
    this.#mayHaveNext = true;
    this.#askIn(0);
    // A token without `canUpdateOwnMetadata` may not: then the translations are those that everybody gets.
    const language = this.#language;
    if (language)
      this.#room.localParticipant?.setAttributes({ 'roomscribe.language': language }).catch(() => undefined);
  }

  #read(payload: Uint8Array): void {
    const message = messageIn(payload);
    if (!message) return;
    this.#state.take([message]);
    this.#quietMs = QUIET_MS;
    if (this.#isAsking) return;
    if (this.#state.sequence.hasHole) this.#askIn(HOLE_MS * (1 + Math.random()));
    else this.#askWhenQuiet();
  }

  #askWhenQuiet(): void {
    this.#askIn(this.#quietMs, false);
  }

  #askIn(ms: number, isAsking = true): void {
    const history = this.#history;
    if (!history || this.#ending.signal.aborted) return;
    this.#isAsking = isAsking;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(history), ms);
  }

  async #ask(history: History): Promise<void> {
    this.#isAsking = true;
    try {
      await this.#fetch(history);
      this.#failures = 0;
      this.#quietMs = Math.min(this.#quietMs * 2, MOST_QUIET_MS);
      this.#state.connection();
      if (this.#state.sequence.hasHole || this.#mayHaveNext) this.#askIn(HOLE_MS);
      else this.#askWhenQuiet();
    } catch (error) {
      if (!this.#ending.signal.aborted) this.#askIn(Math.max(backoffMs(this.#failures++), this.#state.fail(error)));
    }
  }

  async #fetch(history: History): Promise<void> {
    const state = this.#state;
    if (this.#mayHaveNext || state.hasEnded) {
      const running = this.#room.name && (await history.sessionOf(this.#room.name));
      if (running) state.begin(running);
      this.#mayHaveNext = false;
    }
    const { sessionId, sequence } = state;
    if (!sessionId) return;
    // What was numbered before it was sent is stored by now, interims excepted: those are not stored.
    const sent = sequence.highest;
    for await (const page of history.messages(sessionId, sequence.complete)) {
      if (state.sequence !== sequence) return; // the next session has begun meanwhile
      state.take(page);
      sequence.completeUpTo(page.at(-1)?.seq ?? 0);
    }
    sequence.completeUpTo(sent);
  }
}

/** The message in a packet; undefined for what is none of this version. */
function messageIn(payload: Uint8Array): Message | undefined {
  try {
    const message = JSON.parse(new TextDecoder().decode(payload)) as Partial<Message> | null;
    return message?.v === 1 && message.sessionId ? (message as Message) : undefined;
  } catch {
    return undefined;
  }
}
