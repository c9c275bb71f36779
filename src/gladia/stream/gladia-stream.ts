import { FRAME_SAMPLES, msToSamples, samplesToMs } from '../../media/audio-format.js';
import { aborted } from '../../async/aborted.js';
import { AudioCursor } from '../../audio-log/audio-cursor.js';
import type { AudioLog } from '../../audio-log/audio-log.js';
import { openAudioLog } from '../../audio-log/open-audio-log.js';
import { Backoff } from '../../async/backoff.js';
import type { GladiaApi } from '../api/gladia-api.js';
import { sessionRequest } from '../api/gladia-session-request.js';
import { GladiaSession, type SessionOutcome } from './gladia-session.js';
import type { GladiaSettings } from '../api/gladia-settings.js';
import { Pacer } from './pacer.js';
import { sleep } from '../../async/sleep.js';
import type { ServerObservations } from './server-observations.js';
import { ResultFetcher } from '../resume/result-fetcher.js';
import { SessionCreator, type GrantedSession } from './session-creator.js';
import type { RemoteSessionCleanup } from './remote-session-cleanup.js';
import { RunningSession } from './running-session.js';
import { SpeechDetector } from './speech-detector.js';
import type { SessionSlots } from './session-slots.js';
import type { SpeechListener, SpeechReport, SpeechRequest, SpeechStream } from '../../transcription/speech-to-text.js';
import { StreamTranscripts } from './stream-transcripts.js';
import { StreamState } from '../../transcription/stream-state.js';
import type { TranscriptReader } from '../resume/transcript-reader.js';

const ENDED_EARLY = 'the Gladia session ended early';
const LONGEST_CUT_WORD = msToSamples(500);

/**
 * One session's sound on its way to Gladia, over as many Gladia sessions as it takes. The log takes what is said at all
 * times; at most one Gladia session reads on in it, while earlier ones may still finish what they have.
 */
export class GladiaStream implements SpeechStream {
  readonly #log: AudioLog;
  readonly #chunkSamples: number;
  readonly #speech: SpeechDetector;
  readonly #state: StreamState;
  readonly #hearing: StreamTranscripts;
  readonly #backoff: Backoff;
  readonly #source: SessionCreator;
  readonly #endings: Promise<void>[] = [];
  /** Aborted when sending and listening have had their time. */
  readonly #sendingOver = new AbortController();
  readonly #results: ResultFetcher;
  readonly #closing = new AbortController();
  /** As `#closing` says, for who asks fifty times a second. */
  #closed = false;
  /** Every Gladia session that is on its way; at most one of them, the current, gets what is said now. */
  readonly #sessions = new Set<GladiaSession>();
  #current: GladiaSession | undefined;
  /** The first sample that no Gladia session has yet. */
  #position = 0;
  /** Where the latest session began to own the words. */
  #seam = 0;
  #deadline: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: GladiaSettings,
    api: GladiaApi,
    private readonly slots: SessionSlots,
    private readonly leftovers: RemoteSessionCleanup,
    private readonly habits: ServerObservations,
    request: SpeechRequest,
    listener: SpeechListener,
  ) {
    const { account, timings, random } = settings;
    const { sessionId, options, channels = 1 } = request;
    this.#chunkSamples = msToSamples(timings.chunkMs);
    this.#log = openAudioLog(account, channels, () => this.#unsent);
    this.#speech = new SpeechDetector(request, this.#log);
    this.#state = new StreamState((report) => listener.stateChanged(report));
    this.#hearing = new StreamTranscripts(this.#state, request.startSamples, listener, options);
    this.#backoff = new Backoff(timings.backoff, random);
    this.#results = new ResultFetcher(api, settings, leftovers.closing);
    const wanted = { sessionId, body: sessionRequest(account, sessionId, options, channels), region: options.region };
    this.#source = new SessionCreator(api, slots, this.#backoff, this.#state, leftovers, wanted);
  }

  get report(): SpeechReport {
    this.#state.counters.backlogMs = Math.round(samplesToMs(this.#log.end - this.#unsent));
    this.#state.counters.duplicates = this.#hearing.duplicates;
    return this.#state.report;
  }

  /** Begins. Call it once. */
  start(): void {
    void this.#run()
      .catch((error: unknown) => this.#hearing.failed(error))
      .finally(() => this.#end());
  }

  write(samples: Int16Array): void {
    if (this.#closed) return;
    this.#log.write(samples);
    // Short of a chunk there is nothing to send.
    if (this.#log.end % this.#chunkSamples < FRAME_SAMPLES) this.#current?.pump();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closing.abort();
    this.#state.enter('draining', this.report.reason);
    const backlog = this.#log.end - Math.max(this.#unsent, this.#log.start);
    const deadlineMs = this.settings.account.drainTimeoutMs + Pacer.drainMs(backlog);
    this.#deadline = setTimeout(() => this.#sendingOver.abort(), deadlineMs);
    for (const session of this.#sessions) session.stop(this.#log.end);
    if (this.#unsent >= this.#log.end && this.#current === undefined) this.#sendingOver.abort();
  }

  abort(): void {
    this.#closed = true;
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
      let end = await running.turn(this.#speech, this.settings, this.#closing.signal);
      if (end === 'rotate') {
        next = await this.#succeed(running);
        if (next !== undefined) continue;
        end = await running.outcome;
      }
      if (end === 'rest') void this.#retire(running);
      else if (this.#current === running.session) this.#leave(running);
      if (this.#isLast(end)) break;
      if ((end === 'rest' || end === 'silent') && !(await this.#speechComes())) break;
      if (end !== 'rest') await sleep(this.#backoff.nextMs(), signal);
      next = await this.#source.next(signal);
    }
    await aborted(this.#closing.signal);
    this.#results.endWithin(this.settings.account.drainTimeoutMs);
    await Promise.all(this.#endings);
  }

  /** From the second session on, it hears a little of what the one before it heard, so that no word is cut. */
  #begin(granted: GrantedSession): RunningSession {
    const { timings } = this.settings;
    const overlap = this.#endings.length === 0 ? 0 : msToSamples(timings.overlapMs);
    const from = Math.max(Math.min(this.#position, this.#log.start), this.#position - overlap);
    const cursor = new AudioCursor(this.#log, from, (start, end) => this.#hearing.gap(start, end));
    const session: GladiaSession = new GladiaSession(granted, cursor, timings, this.#backoff, this.habits, {
      message: (message) => this.#hearing.message(message, reader, this.#current === session),
      moved: (...counted) => this.#state.moved(...counted),
      lost: (code) => this.#lost(`the connection to Gladia was lost (${code})`),
      askedToWait: (ms) => this.slots.waitAtLeast(ms),
    });
    const reader = this.#hearing.reader(session, from);
    reader.ownFrom(this.#hearing.ms(this.#position));
    const running = new RunningSession(session, reader, this.#sendingOver.signal, () => granted.release());
    this.#current = session;
    this.#sessions.add(session);
    if (this.#closing.signal.aborted) session.stop(this.#log.end);
    this.#endings.push(this.#complete(running));
    return running;
  }

  /** Resolves when all of the session was read, or there is no time for it: then what it left open is final as it is. */
  async #complete({ session, reader, outcome }: RunningSession): Promise<void> {
    try {
      await outcome;
      this.#sessions.delete(session);
      const rest = this.#readRest(session, reader);
      await this.#results.whileThereIsTime(rest);
      reader.settle();
      void rest.then(() => this.#hearing.close(reader));
    } catch (error) {
      this.#hearing.failed(error);
    }
  }

  /** Reads what the session's sockets did not bring, if it takes hours; from then on Gladia need not keep it. */
  async #readRest({ id }: GladiaSession, reader: TranscriptReader): Promise<void> {
    try {
      if (!this.#hearing.hasAll(reader)) reader.recover(await this.#results.read(id));
    } catch (error) {
      this.#hearing.failed(error);
    }
    this.leftovers.ended(id);
  }

  /** Whether nothing is left to do after this; otherwise says what state that leaves the stream in. */
  #isLast(end: SessionOutcome | 'rest'): boolean {
    if (end === 'refused') this.#state.enter('refused', 'Gladia does not accept the session');
    if (end === 'busy') this.#state.enter('waiting-for-slot', 'Gladia has no free session for this account');
    if (end === 'replace') this.#lost(ENDED_EARLY);
    const everythingSent = this.#closing.signal.aborted && this.#position >= this.#log.end;
    return end === 'refused' || end === 'finished' || end === 'aborted' || everythingSent;
  }

  /**
   * Silence is not for Gladia: the next session begins with what was said last before somebody speaks.
   * Resolves to false when nobody did until the end.
   */
  async #speechComes(): Promise<boolean> {
    const { overlapMs, lookEveryMs } = this.settings.timings;
    const over = AbortSignal.any([this.#closing.signal, this.#sendingOver.signal]);
    if (this.#speech.firstSince(this.#position) !== undefined) this.#lost(ENDED_EARLY);
    else this.#state.enter('idle', 'nobody speaks');
    const notBefore = (sample: number): void => {
      this.#position = Math.max(this.#position, sample - msToSamples(overlapMs));
    };
    const speech = await this.#speech.begins(this.#position, lookEveryMs, over, notBefore);
    if (speech === undefined) this.#position = this.#log.end;
    else notBefore(speech);
    return speech !== undefined;
  }

  /**
   * What it has not safely got is for the next one, a little earlier, since its last word may be cut; but not what it has
   * told.
   */
  #leave(running: RunningSession): void {
    const { session } = running;
    const isOver = this.#closing.signal.aborted && session.position >= this.#log.end;
    const cut = session.position - LONGEST_CUT_WORD;
    const seam = isOver ? session.position : Math.max(this.#seam, cut, session.toldUntil);
    this.#handOver(running, seam);
  }

  #handOver({ session, reader }: RunningSession, seam: number): void {
    this.#position = this.#seam = seam;
    if (seam < this.#log.end) reader.ownUntil(this.#hearing.ms(seam));
    if (this.#current === session) this.#current = undefined;
  }

  /**
   * Opens the next session, then lets the old one finish what it has. Without a second slot the old one ends first, also
   * where only Gladia knows that there is none; when Gladia refuses any other, the old one goes on to its end.
   */
  async #succeed(old: RunningSession): Promise<GrantedSession | undefined> {
    const { signal } = this.#sendingOver;
    if (this.slots.isFull) return this.#retire(old).then(() => this.#source.next(signal));
    let isWell = true;
    void old.outcome.then(() => (isWell = false));
    let retired: Promise<void> | undefined;
    const giveWay = (): void => void (retired ??= this.#retire(old));
    const next = await this.#source.next(signal, { isWell: () => isWell, yieldSlot });
    if (next !== undefined) giveWay();
    return next;
  }

  /**
   * From here on the sound is for the next session. What the old one does not get in time, that one takes, too, unless it
   * has begun already: then it is a gap.
   */
  async #retire(running: RunningSession): Promise<void> {
    const { session, outcome, abort } = running;
    const begun = this.#endings.length;
    const seam = session.position;
    this.#handOver(running, seam);
    session.stop(seam + msToSamples(this.settings.timings.overlapMs));
    if (this.#closing.signal.aborted) session.stop(this.#log.end);
    const deadline = setTimeout(abort, this.settings.account.drainTimeoutMs);
    await outcome;
    clearTimeout(deadline);
    if (session.position >= seam) return;
    const isNextToCome = this.#endings.length === begun && this.#position === seam;
    if (isNextToCome) this.#handOver(running, session.position);
    else this.#hearing.gap(session.position, seam);
  }

  #lost(reason: string): void {
    this.#state.counters.reconnects += 1;
    this.#state.enter('reconnecting', reason);
  }

  #end(): void {
    clearTimeout(this.#deadline);
    this.#results.release();
    this.#log.close();
    const unsent = this.#unsent;
    if (unsent < this.#log.end) this.#hearing.gap(unsent, this.#log.end);
    this.#state.enter('ended');
    this.#hearing.end();
  }
}
