import { Logger } from '@nestjs/common';
import { msToSamples, samplesToMs } from '../media/audio-format.js';
import { AudioCursor } from './audio-cursor.js';
import { AudioLog } from './audio-log.js';
import { errorKind } from '../logging/error-kind.js';
import { Backoff } from '../waiting/backoff.js';
import { FaultLog } from './fault-log.js';
import { firstOf } from '../waiting/first-of.js';
import type { GladiaApi } from './gladia-api.js';
import type { GladiaMessage } from './gladia-message.js';
import { sessionRequest } from './gladia-session-request.js';
import { GladiaSession, type SessionOutcome } from './gladia-session.js';
import type { GladiaSettings } from './gladia-settings.js';
import { Pacer } from './pacer.js';
import { pause } from '../waiting/pause.js';
import { SessionResults } from './session-results.js';
import { SessionSource, type GrantedSession } from './session-source.js';
import type { Slots } from './slots.js';
import type { SpeechListener, SpeechReport, SpeechRequest, SpeechStream } from './speech-to-text.js';
import { StreamState } from './stream-state.js';
import { TranscriptReader, type Ledgers } from './transcript-reader.js';
import { TranslationLedger } from './translation-ledger.js';
import { UtteranceLedger } from './utterance-ledger.js';

interface RunningSession {
  readonly session: GladiaSession;
  readonly outcome: Promise<SessionOutcome>;
  /** Ends it, finished or not. */
  readonly abort: () => void;
}

/**
 * One session's sound on its way to Gladia, over as many Gladia sessions as it takes. The log takes what is said at all
 * times; at most one Gladia session reads on in it, while earlier ones may still finish what they have.
 */
export class GladiaStream implements SpeechStream {
  readonly #logger = new Logger('Gladia');
  readonly #faults = new FaultLog(this.#logger);
  readonly #log: AudioLog;
  readonly #state: StreamState;
  readonly #ledger: UtteranceLedger;
  readonly #ledgers: Ledgers;
  readonly #backoff: Backoff;
  readonly #source: SessionSource;
  readonly #endings: Promise<void>[] = [];
  /** Aborted when sending and listening have had their time. */
  readonly #sendingOver = new AbortController();
  readonly #results: SessionResults;
  readonly #closing = new AbortController();
  #current: GladiaSession | undefined;
  /** The first sample that no Gladia session has yet. */
  #position = 0;
  #sessions = 0;
  #deadline: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: GladiaSettings,
    api: GladiaApi,
    private readonly slots: Slots,
    private readonly request: SpeechRequest,
    private readonly listener: SpeechListener,
  ) {
    const { account, timings, random } = settings;
    this.#log = new AudioLog(msToSamples(account.audioLogS * 1000));
    this.#state = new StreamState((report) => listener.stateChanged(report));
    const translations = new TranslationLedger((translation) => listener.translation(translation));
    this.#ledger = new UtteranceLedger((utterance) => listener.utterance(utterance), translations);
    this.#ledgers = { utterances: this.#ledger, translations, insight: (insight) => listener.insight(insight) };
    this.#backoff = new Backoff(timings.backoff, random);
    this.#results = new SessionResults(api, timings);
    const body = sessionRequest(account, request.sessionId, request.options);
    this.#source = new SessionSource(api, slots, this.#backoff, this.#state, body);
  }

  get report(): SpeechReport {
    this.#state.counters.backlogMs = Math.round(samplesToMs(this.#log.end - this.#unsent));
    this.#state.counters.duplicates = this.#ledger.duplicates;
    return this.#state.report;
  }

  /** Begins. Call it once. */
  start(): void {
    void this.#run()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => this.#end());
  }

  write(samples: Int16Array): void {
    if (this.#closing.signal.aborted) return;
    this.#log.write(samples);
    this.#current?.pump();
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#state.enter('draining', this.report.reason);
    const backlog = this.#log.end - Math.max(this.#unsent, this.#log.start);
    const deadlineMs = this.settings.account.drainTimeoutMs + Pacer.drainMs(backlog);
    this.#deadline = setTimeout(() => this.#sendingOver.abort(), deadlineMs);
    this.#current?.stop(this.#log.end);
    if (this.#unsent >= this.#log.end && this.#current === undefined) this.#sendingOver.abort();
  }

  abort(): void {
    this.#closing.abort();
    this.#sendingOver.abort();
    this.#results.close();
  }

  get #unsent(): number {
    return this.#current?.position ?? this.#position;
  }

  async #run(): Promise<void> {
    const { signal } = this.#sendingOver;
    let next: GrantedSession | undefined = await this.#source.next(signal);
    while (next !== undefined) {
      const running = this.#begin(next);
      let outcome = await firstOf(running.outcome, this.settings.timings.rotateAfterMs, 'rotate' as const);
      if (outcome === 'rotate' && !this.#closing.signal.aborted) {
        next = await this.#succeed(running);
        if (next !== undefined) continue;
      }
      outcome = await running.outcome;
      this.#leave(running.session);
      if (this.#isLast(outcome)) break;
      await pause(this.#backoff.nextMs(), signal);
      next = await this.#source.next(signal);
    }
    await this.#closed();
    this.#results.endWithin(this.settings.account.drainTimeoutMs);
    await Promise.all(this.#endings);
  }

  #begin(granted: GrantedSession): RunningSession {
    const { timings } = this.settings;
    const number = (this.#sessions += 1);
    const cursor = new AudioCursor(this.#log, this.#position, (from, to) => this.#gap(from, to));
    const session: GladiaSession = new GladiaSession(granted, cursor, timings, this.#backoff, {
      message: (message) => this.#message(message, reader),
      moved: (chunks, sentBytes, acknowledgedBytes) => this.#count(chunks, sentBytes, acknowledgedBytes),
      lost: (code) => this.#lost(`the connection to Gladia was lost (${code})`),
    });
    const locate = (serverSamples: number): number => session.locate(serverSamples);
    const reader = new TranscriptReader(this.#ledgers, number, locate, this.request.startSamples);
    this.#current = session;
    if (this.#closing.signal.aborted) session.stop(this.#log.end);
    const over = new AbortController();
    const outcome = session
      .run(AbortSignal.any([over.signal, this.#sendingOver.signal]))
      .finally(() => granted.release());
    this.#endings.push(
      outcome.then(() => this.#results.complete(session.id, reader)).catch((error: unknown) => this.#failed(error)),
    );
    return { session, outcome, abort: () => over.abort() };
  }

  /** Whether nothing is left to do after this outcome; otherwise says what state that leaves the stream in. */
  #isLast(outcome: SessionOutcome): boolean {
    if (outcome === 'refused') this.#state.enter('refused', 'Gladia does not accept the session');
    if (outcome === 'busy') this.#state.enter('waiting-for-slot', 'Gladia has no free session for this account');
    if (outcome === 'replace') this.#lost('the Gladia session ended early');
    const everythingSent = this.#closing.signal.aborted && this.#position >= this.#log.end;
    return outcome === 'refused' || outcome === 'finished' || outcome === 'aborted' || everythingSent;
  }

  #leave(session: GladiaSession): void {
    this.#position = session.position;
    if (this.#current === session) this.#current = undefined;
  }

  /**
   * Opens the next session, then lets the old one finish what it has. Without a second slot the old one ends first; when
   * Gladia refuses another one, the old one goes on to its end.
   */
  async #succeed(old: RunningSession): Promise<GrantedSession | undefined> {
    const { signal } = this.#sendingOver;
    if (this.slots.isFull) {
      await this.#retire(old);
      return this.#source.next(signal);
    }
    let isWell = true;
    void old.outcome.then(() => (isWell = false));
    const next = await this.#source.next(signal, () => isWell);
    if (next !== undefined) void this.#retire(old);
    return next;
  }

  /** From here on the sound is for the next session; what the old one does not get in time is a gap. */
  async #retire({ session, outcome, abort }: RunningSession): Promise<void> {
    const end = session.position;
    session.stop(end);
    this.#leave(session);
    const deadline = setTimeout(abort, this.settings.account.drainTimeoutMs);
    await outcome;
    clearTimeout(deadline);
    if (session.position < end) this.#gap(session.position, end);
  }

  #message(message: GladiaMessage, reader: TranscriptReader): void {
    if (message.kind === 'recording' || message.kind === 'acknowledged') this.#state.enter('live');
    if (message.kind === 'problem') this.#faults.note(`a failed ${message.of}`);
    if (message.kind === 'malformed') {
      this.#state.counters.malformed += 1;
      this.#faults.note(`a malformed message: ${message.what}`);
    }
    try {
      reader.read(message);
    } catch (error) {
      this.#failed(error); // a fault in what listens is no reason to go deaf
    }
  }

  #failed(error: unknown): void {
    this.#logger.error(`the transcription of a session hit a fault: ${errorKind(error)}`);
  }

  #count(chunks: number, sentBytes: number, acknowledgedBytes: number): void {
    this.#state.counters.chunksSent += chunks;
    this.#state.counters.bytesSent += sentBytes;
    this.#state.counters.bytesAcknowledged += acknowledgedBytes;
  }

  #lost(reason: string): void {
    this.#state.counters.reconnects += 1;
    this.#state.enter('reconnecting', reason);
  }

  #gap(from: number, to: number): void {
    const ms = (position: number): number => Math.round(samplesToMs(this.request.startSamples + position));
    this.#state.counters.gapMs += Math.round(samplesToMs(to - from));
    this.listener.gap(ms(from), ms(to));
  }

  async #closed(): Promise<void> {
    const { signal } = this.#closing;
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }

  #end(): void {
    clearTimeout(this.#deadline);
    this.#results.close();
    const unsent = this.#unsent;
    if (unsent < this.#log.end) this.#gap(unsent, this.#log.end);
    this.#state.enter('ended');
  }
}
