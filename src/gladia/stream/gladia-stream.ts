import { aborted } from '../../async/aborted.js';
import { Backoff } from '../../async/backoff.js';
import { sleep } from '../../async/sleep.js';
import { AudioCursor } from '../../audio-log/audio-cursor.js';
import { openAudioLog, type AudioLog } from '../../audio-log/audio-log.js';
import { FRAME_SAMPLES, msToSamples, samplesToMs } from '../../media/audio-format.js';
import type { SpeechListener, SpeechReport, SpeechRequest, SpeechStream } from '../../transcription/speech-to-text.js';
import { StreamState } from '../../transcription/stream-state.js';
import { sessionRequest } from '../api/gladia-session-request.js';
import { ResultFetcher } from '../resume/result-fetcher.js';
import { GladiaSession, type SessionOutcome } from './gladia-session.js';
import { Pacer } from './pacer.js';
import { RunningSession } from './running-session.js';
import { SessionCreator, type GladiaAccess, type GrantedSession } from './session-creator.js';
import { SpeechDetector } from './speech-detector.js';
import { StreamTranscripts } from './stream-transcripts.js';

const ENDED_EARLY = 'the Gladia session ended early';
const LONGEST_CUT_WORD_SAMPLES = msToSamples(500);

/**
 * The audio of one of our sessions on its way to Gladia, over as many Gladia sessions as it takes. All audio is written to
 * a log; at most one Gladia session, the current, reads on in it, while earlier ones may still finish what they have.
 * The log position where one session ends and the next one starts is the cut point: words before it are emitted by the
 * one, words after it by the other.
 */
export class GladiaStream implements SpeechStream {
  readonly #log: AudioLog;
  readonly #chunkSamples: number;
  readonly #speech: SpeechDetector;
  readonly #state: StreamState;
  readonly #transcripts: StreamTranscripts;
  readonly #backoff: Backoff;
  readonly #creator: SessionCreator;
  readonly #results: ResultFetcher;
  /** One for each Gladia session that was started: resolves when nothing more is awaited of it. */
  readonly #completions: Promise<void>[] = [];
  /** Aborted when `close` or `abort` was called. */
  readonly #closing = new AbortController();
  /** The same, for `write`, which is called fifty times a second. */
  #isClosed = false;
  /** Aborted when there is no more time to send and receive. */
  readonly #sendingOver = new AbortController();
  /** The Gladia sessions that have not ended. */
  readonly #sessions = new Set<GladiaSession>();
  #current: GladiaSession | undefined;
  /** The first log position that no Gladia session has received. */
  #position = 0;
  /** Where the latest Gladia session started. */
  #cutPoint = 0;
  #deadline: NodeJS.Timeout | undefined;

  constructor(
    private readonly access: GladiaAccess,
    private readonly request: SpeechRequest,
    listener: SpeechListener,
  ) {
    const { account, timings, random } = access.settings;
    const { sessionId, options, channels = 1 } = request;
    this.#chunkSamples = msToSamples(timings.chunkMs);
    this.#log = openAudioLog(account, channels, () => this.#unsent);
    this.#speech = new SpeechDetector(request, this.#log);
    this.#state = new StreamState((report) => listener.stateChanged(report));
    this.#transcripts = new StreamTranscripts(this.#state, request.startSamples, listener, options);
    this.#backoff = new Backoff(timings.backoff, random);
    this.#results = new ResultFetcher(access.api, access.settings, access.cleanup.shutdown);
    const body = sessionRequest(account, sessionId, options, channels);
    const spec = { sessionId, body, region: options.region };
    this.#creator = new SessionCreator(access, spec, this.#backoff, this.#state);
  }

  get report(): SpeechReport {
    this.#state.counters.backlogMs = Math.round(samplesToMs(this.#log.end - this.#unsent));
    this.#state.counters.duplicates = this.#transcripts.duplicates;
    const acknowledgment = this.#current?.acknowledgment;
    return { ...this.#state.report, ...(acknowledgment && { acknowledgment }) };
  }

  /** Call it once. */
  start(): void {
    void this.#run()
      .catch((error: unknown) => this.#transcripts.logFailure(error))
      .finally(() => this.#end());
  }

  write(samples: Int16Array): void {
    if (this.#isClosed) return;
    this.#log.write(samples);
    // Less than a chunk is not sent.
    if (this.#log.end % this.#chunkSamples < FRAME_SAMPLES) this.#current?.pump();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closing.abort();
    this.#state.enter('draining', this.report.reason);
    const backlog = this.#log.end - Math.max(this.#unsent, this.#log.start);
    const deadlineMs = this.access.settings.account.drainTimeoutMs + Pacer.drainMs(backlog);
    this.#deadline = setTimeout(() => this.#sendingOver.abort(), deadlineMs);
    for (const session of this.#sessions) session.stop(this.#log.end);
    if (this.#unsent >= this.#log.end && this.#current === undefined) this.#sendingOver.abort();
  }

  abort(): void {
    this.#isClosed = true;
    this.#closing.abort();
    this.#sendingOver.abort();
    this.#results.close();
  }

  get #unsent(): number {
    return this.#current?.position ?? this.#position;
  }

  async #run(): Promise<void> {
    const { signal } = this.#sendingOver;
    let next: GrantedSession | undefined = await this.#creator.create(signal);
    while (next !== undefined) {
      const running = this.#startSession(next);
      let end = await running.untilChange(this.#speech, this.access.settings, this.#closing.signal);
      if (end === 'rotate') {
        next = await this.#rotate(running);
        if (next !== undefined) continue;
        end = await running.outcome;
      }
      if (end === 'idle') void this.#retire(running);
      else if (this.#current === running.session) this.#handOverEnded(running);
      if (this.#isLast(end)) break;
      if ((end === 'idle' || end === 'silent') && !(await this.#nextSpeech())) break;
      if (end !== 'idle') await sleep(this.#backoff.nextMs(), signal);
      next = await this.#creator.create(signal);
    }
    await aborted(this.#closing.signal);
    this.#results.setDeadline(this.access.settings.account.drainTimeoutMs);
    await Promise.all(this.#completions);
  }

  /** From the second session on, it gets a little audio that the one before it got too, so that no word is cut. */
  #startSession(granted: GrantedSession): RunningSession {
    const { settings, slots, server } = this.access;
    const overlap = this.#completions.length === 0 ? 0 : msToSamples(settings.timings.overlapMs);
    const from = Math.max(Math.min(this.#position, this.#log.start), this.#position - overlap);
    const cursor = new AudioCursor(this.#log, from, (start, end) => this.#transcripts.gap(start, end));
    const { startSamples } = this.request;
    const options = {
      created: granted,
      cursor,
      startSamples,
      timings: settings.timings,
      backoff: this.#backoff,
      server,
    };
    const session: GladiaSession = new GladiaSession(options, {
      message: (message) => this.#transcripts.receive(message, reader, this.#current === session),
      transferred: (...counts) => this.#state.transferred(...counts),
      disconnected: (code) => this.#reconnecting(`the connection to Gladia was lost (${code})`),
      retryAfter: (ms) => slots.pauseFor(ms),
    });
    const reader = this.#transcripts.openReader(session.clock, from);
    reader.emitFrom(this.#transcripts.sessionMs(this.#position));
    const running = new RunningSession(session, reader, this.#sendingOver.signal, () => granted.release());
    this.#current = session;
    this.#sessions.add(session);
    if (this.#closing.signal.aborted) session.stop(this.#log.end);
    this.#completions.push(this.#complete(running));
    return running;
  }

  /** Resolves when everything of the session was read, or at the deadline: then its open partials become final. */
  async #complete({ session, reader, outcome }: RunningSession): Promise<void> {
    try {
      await outcome;
      this.#sessions.delete(session);
      const recovering = this.#transcripts.recover(reader, () => this.#results.fetch(session.id));
      const done = recovering.then(() => this.access.cleanup.ended(session.id));
      await this.#results.untilDeadline(done);
      reader.finish();
      void done.then(() => this.#transcripts.closeReader(reader));
    } catch (error) {
      this.#transcripts.logFailure(error);
    }
  }

  /** Whether no other session follows. Otherwise enters the state that this end leaves the stream in. */
  #isLast(end: SessionOutcome | 'idle'): boolean {
    if (end === 'refused') this.#state.enter('refused', 'Gladia does not accept the session');
    if (end === 'busy') this.#state.enter('waiting-for-slot', 'Gladia has no free session for this account');
    if (end === 'replace') this.#reconnecting(ENDED_EARLY);
    const isAllSent = this.#closing.signal.aborted && this.#position >= this.#log.end;
    return end === 'refused' || end === 'finished' || end === 'aborted' || isAllSent;
  }

  /**
   * Waits until somebody speaks: silence is not sent, and the next session starts shortly before the speech. Resolves to
   * false when nobody spoke until the end of the stream.
   */
  async #nextSpeech(): Promise<boolean> {
    const { overlapMs, checkEveryMs } = this.access.settings.timings;
    const over = AbortSignal.any([this.#closing.signal, this.#sendingOver.signal]);
    if (this.#speech.firstSpeechFrom(this.#position) !== undefined) this.#reconnecting(ENDED_EARLY);
    else this.#state.enter('idle', 'nobody speaks');
    const skipTo = (position: number): void => {
      this.#position = Math.max(this.#position, position - msToSamples(overlapMs));
    };
    const speech = await this.#speech.nextSpeech(this.#position, checkEveryMs, over, skipTo);
    if (speech === undefined) this.#position = this.#log.end;
    else skipTo(speech);
    return speech !== undefined;
  }

  /**
   * Cuts after a session that ended by itself: at what it has not received for certain, or a little earlier, since its last
   * word may be cut; but not before what was emitted.
   */
  #handOverEnded(running: RunningSession): void {
    const { session } = running;
    const isOver = this.#closing.signal.aborted && session.position >= this.#log.end;
    const beforeCutWord = session.position - LONGEST_CUT_WORD_SAMPLES;
    this.#cutAt(isOver ? session.position : Math.max(this.#cutPoint, beforeCutWord, session.emittedUntil), running);
  }

  #cutAt(position: number, { session, reader }: RunningSession): void {
    this.#position = this.#cutPoint = position;
    if (position < this.#log.end) reader.emitUntil(this.#transcripts.sessionMs(position));
    if (this.#current === session) this.#current = undefined;
  }

  /**
   * Creates the next session, then lets the old one finish what it has. Without a second slot the old one ends first, also
   * where only Gladia knows that there is none. Resolves to undefined when Gladia refuses another: the old one goes on.
   */
  async #rotate(old: RunningSession): Promise<GrantedSession | undefined> {
    const { signal } = this.#sendingOver;
    if (this.access.slots.isFull) return this.#retire(old).then(() => this.#creator.create(signal));
    let hasEnded = false;
    void old.outcome.then(() => (hasEnded = true));
    let retired: Promise<void> | undefined;
    const yieldSlot = (): void => void (retired ??= this.#retire(old));
    const next = await this.#creator.create(signal, { isHealthy: () => !hasEnded, yieldSlot });
    if (next !== undefined) yieldSlot();
    return next;
  }

  /**
   * Cuts here, and lets the session finish what is before. What it does not receive in time the next session gets too; where
   * that has started already, it is a gap.
   */
  async #retire(running: RunningSession): Promise<void> {
    const { session } = running;
    const { account, timings } = this.access.settings;
    const started = this.#completions.length;
    const cutPoint = session.position;
    this.#cutAt(cutPoint, running);
    const finished = running.finish(cutPoint + msToSamples(timings.overlapMs), account.drainTimeoutMs);
    if (this.#closing.signal.aborted) session.stop(this.#log.end);
    await finished;
    if (session.position >= cutPoint) return;
    const canMoveBack = this.#completions.length === started && this.#position === cutPoint;
    if (canMoveBack) this.#cutAt(session.position, running);
    else this.#transcripts.gap(session.position, cutPoint);
  }

  #reconnecting(reason: string): void {
    this.#state.counters.reconnects += 1;
    this.#state.enter('reconnecting', reason);
  }

  #end(): void {
    clearTimeout(this.#deadline);
    this.#results.stopWaiting();
    this.#log.close();
    const unsent = this.#unsent;
    if (unsent < this.#log.end) this.#transcripts.gap(unsent, this.#log.end);
    this.#state.enter('ended');
    this.#transcripts.end();
  }
}
