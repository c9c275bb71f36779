import { Logger } from '@nestjs/common';
import { msToSamples, samplesToMs } from '../media/audio-format.js';
import { AudioCursor } from './audio-cursor.js';
import { AudioLog } from './audio-log.js';
import { Backoff } from './backoff.js';
import { FaultLog } from './fault-log.js';
import type { GladiaApi } from './gladia-api.js';
import type { GladiaMessage } from './gladia-message.js';
import { sessionRequest } from './gladia-session-request.js';
import { GladiaSession, type SessionOutcome } from './gladia-session.js';
import type { GladiaSettings } from './gladia-settings.js';
import { Pacer } from './pacer.js';
import { pause } from './pause.js';
import { pollResult } from './result-poll.js';
import { SessionSource, type GrantedSession } from './session-source.js';
import type { Slots } from './slots.js';
import type { SpeechListener, SpeechReport, SpeechRequest, SpeechStream } from './speech-to-text.js';
import { StreamState } from './stream-state.js';
import { TranscriptReader } from './transcript-reader.js';
import { UtteranceLedger } from './utterance-ledger.js';

interface RunningSession {
  readonly session: GladiaSession;
  readonly outcome: Promise<SessionOutcome>;
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
  readonly #backoff: Backoff;
  readonly #source: SessionSource;
  readonly #endings: Promise<void>[] = [];
  /** Aborted when sending and listening have had their time. */
  readonly #sendingOver = new AbortController();
  /** Aborted when everything is to end at once. */
  readonly #allOver = new AbortController();
  readonly #closing = new AbortController();
  #current: GladiaSession | undefined;
  /** The first sample that no Gladia session has yet. */
  #position = 0;
  #sessions = 0;
  #deadline: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: GladiaSettings,
    private readonly api: GladiaApi,
    private readonly slots: Slots,
    private readonly request: SpeechRequest,
    private readonly listener: SpeechListener,
  ) {
    const { account, timings, random } = settings;
    this.#log = new AudioLog(msToSamples(account.audioLogS * 1000));
    this.#state = new StreamState((report) => listener.stateChanged(report));
    this.#ledger = new UtteranceLedger((utterance) => listener.utterance(utterance));
    this.#backoff = new Backoff(timings.backoff, random);
    const body = sessionRequest(account, request.sessionId, request.languages);
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
    this.#allOver.abort();
  }

  get #unsent(): number {
    return this.#current?.position ?? this.#position;
  }

  async #run(): Promise<void> {
    const { signal } = this.#sendingOver;
    let next: GrantedSession | undefined = await this.#source.next(signal);
    while (next !== undefined) {
      const running = this.#begin(next);
      const outcome = await this.#outcomeOrRotation(running.outcome);
      if (outcome === 'rotate') {
        next = await this.#succeed(running);
        continue;
      }
      this.#leave(running.session);
      if (this.#isLast(outcome)) break;
      await pause(this.#backoff.nextMs(), signal);
      next = await this.#source.next(signal);
    }
    await this.#closed();
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
    const reader = new TranscriptReader(this.#ledger, number, locate, this.request.startSamples);
    this.#current = session;
    if (this.#closing.signal.aborted) session.stop(this.#log.end);
    const outcome = session.run(this.#sendingOver.signal).finally(() => granted.release());
    this.#endings.push(
      outcome.then(() => this.#reconcile(session, reader)).catch((error: unknown) => this.#failed(error)),
    );
    return { session, outcome };
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

  async #outcomeOrRotation(outcome: Promise<SessionOutcome>): Promise<SessionOutcome | 'rotate'> {
    let timer: NodeJS.Timeout | undefined;
    const due = new Promise<'rotate'>((resolve) => {
      timer = setTimeout(resolve, this.settings.timings.rotateAfterMs, 'rotate');
    });
    const first = await Promise.race([outcome, due]);
    clearTimeout(timer);
    return first === 'rotate' && this.#closing.signal.aborted ? outcome : first;
  }

  /** Opens the next session, then lets the old one finish what it has. Without a second slot the old one ends first. */
  async #succeed({ session, outcome }: RunningSession): Promise<GrantedSession | undefined> {
    const { signal } = this.#sendingOver;
    const stop = (): void => {
      session.stop(session.position);
      this.#leave(session);
    };
    if (this.slots.isFull) {
      stop();
      await outcome;
      return this.#source.next(signal);
    }
    const next = await this.#source.next(signal);
    stop();
    return next;
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
    this.#logger.error('the transcription of a session hit a fault', error instanceof Error ? error.stack : undefined);
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

  /** Fetches what the socket of an ended session did not bring. */
  async #reconcile(session: GladiaSession, reader: TranscriptReader): Promise<void> {
    if (!reader.isComplete && !this.#allOver.signal.aborted) {
      const signal = AbortSignal.any([this.#allOver.signal, AbortSignal.timeout(this.settings.account.drainTimeoutMs)]);
      reader.recover(await pollResult(this.api, session.id, this.settings.timings, signal));
    }
    reader.settle();
  }

  async #closed(): Promise<void> {
    const { signal } = this.#closing;
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }

  #end(): void {
    clearTimeout(this.#deadline);
    const unsent = this.#unsent;
    if (unsent < this.#log.end) this.#gap(unsent, this.#log.end);
    this.#state.enter('ended');
  }
}
