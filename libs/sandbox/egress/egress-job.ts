import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { EgressClock } from './egress-clock.js';
import type { EgressRecord, EndReason } from './egress-record.js';
import type { EgressRooms, EgressParticipant } from './egress-rooms.js';
import type { EgressSettings } from './egress-settings.js';
import { FRAME_BYTES, FRAME_MS, MuteReporter, SILENT_FRAME, StereoCapture, type StereoSource } from './track-audio.js';
import { WebSocketOutput } from './websocket-output.js';

export interface JobOptions {
  readonly record: EgressRecord;
  readonly rooms: EgressRooms;
  readonly settings: EgressSettings;
  readonly neverDials: boolean;
  /** Called when the record has changed and the world shall know. */
  readonly report: (event: 'egress_updated' | 'egress_ended') => void;
}

const BAD_REQUEST = 400;
const UNAVAILABLE = 503;

/** The life of one egress: enters the room, dials, streams, drains, closes. */
export class EgressJob {
  readonly #stopped = new AbortController();
  readonly #clock = new EgressClock(() => this.#tick());
  readonly #delay: DelayLine;
  #participant: EgressParticipant | undefined;
  #capture: StereoCapture | undefined;
  #muteReporters: MuteReporter[] = [];
  #output: WebSocketOutput | undefined;
  #draining: EndReason | undefined;
  #sourceEndedForMs = 0;
  #streamedMs = 0;
  #dead = false;

  constructor(private readonly options: JobOptions) {
    const { latencyMs, captureLeadMs } = options.settings;
    this.#delay = new DelayLine(Math.round(latencyMs / FRAME_MS), Math.round(captureLeadMs / FRAME_MS));
  }

  /** Runs until the socket is open; what follows is driven by the clock. */
  async start(): Promise<void> {
    const { record, rooms, settings, neverDials } = this.options;
    const { signal } = this.#stopped;
    try {
      this.#participant = await rooms.enter(record.request, record.egressId);
      const ready = Promise.all([this.#participant.audio, wait(settings.dialDelayMs)]);
      const [source] = await orStop(signal, neverDials ? neverAfter(ready) : ready);
      this.#output = await WebSocketOutput.dial(record.request.url, settings);
      if (this.#dead) this.#output.terminate();
      else this.#stream(source, this.#output);
    } catch (error) {
      if (this.#dead) await this.#participant?.leave();
      else await (signal.aborted ? this.#abort() : this.#fail(messageOf(error), BAD_REQUEST));
    }
  }

  /** Ends it as the API does: what is in the pipeline still comes. */
  stop(): void {
    this.#stopped.abort();
    if (this.#output !== undefined) this.#drain('StopEgress API');
  }

  /** The worker dies: the connection drops without a webhook. */
  async die(): Promise<void> {
    this.#dead = true;
    this.#stopped.abort();
    this.#clock.stop();
    this.#delay.clear();
    this.#output?.terminate();
    await this.#participant?.leave();
  }

  /** Its network is gone, and nobody notices on its side. */
  vanish(): void {
    this.#output?.vanish();
  }

  /** Ends it as Egress does when a stream has lasted its longest time. */
  reachLimit(): void {
    this.#drain('Limit reached');
  }

  /** The pipeline fails: what is in it is lost, and a webhook says so. */
  breakDown(): void {
    this.#output?.terminate();
    void this.#fail('pipeline error', BAD_REQUEST);
  }

  #stream(source: StereoSource, output: WebSocketOutput): void {
    const { record, settings, report } = this.options;
    this.#capture = new StereoCapture(source);
    const say = (text: string): void => output.send(text);
    this.#muteReporters = this.#capture.tracks.map((track) => new MuteReporter(track, settings.mutedAfterMs, say));
    output.onLost = (error) => void this.#fail(error, UNAVAILABLE);
    record.activate();
    report('egress_updated');
    this.#clock.start();
    if (this.#stopped.signal.aborted) this.#drain('StopEgress API');
  }

  #tick(): void {
    if (this.#draining !== undefined) {
      this.#drainFrame();
      return;
    }
    const frame = this.#capture?.read() ?? SILENT_FRAME;
    this.#send(this.#delay.push(frame));
    for (const reporter of this.#muteReporters) reporter.tick();
    this.#watchTheEnd();
  }

  #watchTheEnd(): void {
    const { noticeEndMs, limitMs } = this.options.settings;
    this.#streamedMs += FRAME_MS;
    this.#sourceEndedForMs = this.#participant?.ended === true ? this.#sourceEndedForMs + FRAME_MS : 0;
    if (this.#sourceEndedForMs > noticeEndMs) this.#drain('Source closed');
    else if (this.#streamedMs >= limitMs) this.#drain('Limit reached');
  }

  #drain(reason: EndReason): void {
    if (this.#draining !== undefined || this.options.record.status !== 'EGRESS_ACTIVE') return;
    this.#draining = reason;
    this.options.record.ending(reason);
    this.options.report('egress_updated');
  }

  #drainFrame(): void {
    const frame = this.#delay.drain();
    if (frame !== undefined) {
      this.#send(frame);
      return;
    }
    this.#clock.stop();
    this.#send(SILENT_FRAME.subarray(0, 4 * randomInt(1, FRAME_BYTES / 4)));
    void this.#complete();
  }

  #send(frame: Buffer | undefined): void {
    if (frame !== undefined) this.#output?.send(frame);
  }

  async #complete(): Promise<void> {
    await this.#output?.finish();
    await this.#participant?.leave();
    this.options.record.end(this.#draining === 'Limit reached' ? 'EGRESS_LIMIT_REACHED' : 'EGRESS_COMPLETE');
    this.options.report('egress_ended');
  }

  async #fail(error: string, errorCode: number): Promise<void> {
    this.#clock.stop();
    this.#delay.clear();
    this.options.record.fail(error, errorCode);
    this.options.report('egress_ended');
    await this.#participant?.leave();
  }

  async #abort(): Promise<void> {
    await this.#participant?.leave();
    this.options.record.end('EGRESS_ABORTED');
    this.options.report('egress_ended');
  }
}

/** `work`, or a rejection as soon as the egress is stopped. */
function orStop<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new Error('stopped'));
    work.then(resolve, reject);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** Takes what `work` gives and keeps it. */
function neverAfter<T>(work: Promise<T>): Promise<T> {
  const keep = (): void => undefined;
  work.then(keep, keep);
  return new Promise(keep);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The pipeline of Egress: a frame comes out `frames` ticks after it went in. */
class DelayLine {
  readonly #frames: Buffer[] = [];

  /** `primed` frames of silence are in it already when it starts. */
  constructor(
    private readonly capacityFrames: number,
    primedFrames: number,
  ) {
    for (let i = 0; i < Math.min(primedFrames, capacityFrames); i++) this.#frames.push(SILENT_FRAME);
  }

  /** Takes a frame in; gives the one that is due, once the line is full. */
  push(frame: Buffer): Buffer | undefined {
    this.#frames.push(frame);
    return this.#frames.length > this.capacityFrames ? this.#frames.shift() : undefined;
  }

  /** What is left, frame by frame, when nothing more goes in. */
  drain(): Buffer | undefined {
    return this.#frames.shift();
  }

  /** Loses what is in it. */
  clear(): void {
    this.#frames.length = 0;
  }
}
