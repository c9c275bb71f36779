import { FRAME_SAMPLES, samplesToMs } from '../media/audio-format.js';
import { ElasticRing } from './elastic-ring.js';
import { MuteEdges } from './mute-edges.js';
import { Playout } from './playout.js';
import type { AudioDestination } from './connection-input.js';

export interface TrackCounters {
  readonly bufferedMs: number;
  /** How much is buffered before playout starts. */
  readonly startDepthMs: number;
  /** Whether the source reports a muted microphone. */
  readonly muted: boolean;
  /** Lost because the buffer was full. */
  readonly droppedSamples: number;
  /** Skipped, mostly in pauses, to play off a backlog or to correct clock drift. */
  readonly skippedSamples: number;
  /** Played twice, mostly in pauses, to correct clock drift. */
  readonly repeatedSamples: number;
  /** How often audio did not arrive in time. */
  readonly underruns: number;
}

/**
 * The jitter buffer of one track: written to when audio arrives, read every 20 ms. While audio is late, silence is played; the
 * audio follows afterwards, with shorter pauses until the delay is made up. Only what exceeds 30 s is lost.
 */
export class JitterBuffer implements AudioDestination {
  #muted = false;
  readonly #ring = new ElasticRing();
  readonly #playout = new Playout(this.#ring);
  readonly #muteEdges: MuteEdges;
  #playing = false;
  #finished = false;
  #waitedSamples = 0;
  #dropped = 0;
  #droppedReported = 0;
  #underruns = 0;

  /** @param fadeSamples how long the track is faded where its microphone is muted or unmuted; 0: not at all */
  constructor(fadeSamples = 0) {
    this.#muteEdges = new MuteEdges(this.#ring, fadeSamples);
  }

  /** Mean power of the last frame, 0..1. */
  get power(): number {
    return this.#playout.power;
  }

  /** Whether the last frame belongs to speech. */
  get speech(): boolean {
    return this.#playout.speech;
  }

  get bufferedSamples(): number {
    return this.#ring.length;
  }

  /** Whether playout runs and the next frame has not arrived. */
  get isStarving(): boolean {
    return this.#playing && !this.#finished && this.#ring.length < FRAME_SAMPLES;
  }

  /** Whether it is finished and empty. */
  get isPlayedOut(): boolean {
    return this.#finished && this.#ring.length === 0;
  }

  get counters(): TrackCounters {
    return {
      bufferedMs: samplesToMs(this.#ring.length),
      startDepthMs: samplesToMs(this.#playout.jitter.startDepthSamples),
      muted: this.#muted,
      droppedSamples: this.#dropped,
      skippedSamples: this.#playout.skippedSamples,
      repeatedSamples: this.#playout.repeatedSamples,
      underruns: this.#underruns,
    };
  }

  write(samples: Int16Array): void {
    this.#dropped += this.#ring.write(samples);
    this.#muteEdges.written(samples);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
  }

  /** No more samples follow: the rest is played without waiting. */
  finish(): void {
    this.#finished = true;
  }

  /** More samples follow after all, on a new connection. */
  reopen(): void {
    if (!this.#finished) return;
    this.#finished = false;
    this.#stop();
  }

  /** How many samples were dropped since the last call. */
  takeDroppedSamples(): number {
    const dropped = this.#dropped - this.#droppedReported;
    this.#droppedReported = this.#dropped;
    return dropped;
  }

  /**
   * Puts the next 20 ms into `frame`. Returns whether there is any sound in it; if not, `frame` may be unchanged.
   * @param readerIsLate whether the mix catches up after a stall of the process: what is buffered is then no backlog
   */
  read(frame: Int16Array, readerIsLate = false): boolean {
    if (!this.#mayPlay(readerIsLate)) this.#playout.playNothing();
    else if (this.#finished || readerIsLate) this.#playout.readUnchanged(frame);
    else this.#playout.readAdaptive(frame);
    return this.power > 0;
  }

  #mayPlay(readerIsLate: boolean): boolean {
    const buffered = this.#ring.length;
    if (this.#finished) return buffered > 0;
    if (this.#playing && buffered < FRAME_SAMPLES) this.#underrun(readerIsLate);
    if (this.#playing) return true;
    if (buffered < FRAME_SAMPLES) return false;
    this.#waitedSamples += FRAME_SAMPLES;
    this.#playing = Math.max(buffered, this.#waitedSamples) >= this.#playout.jitter.startDepthSamples;
    if (this.#playing) this.#playout.jitter.recordResume(buffered);
    return this.#playing;
  }

  #underrun(readerIsLate: boolean): void {
    this.#stop();
    this.#underruns++;
    this.#playout.jitter.recordUnderrun(readerIsLate);
  }

  #stop(): void {
    this.#playing = false;
    this.#waitedSamples = 0;
  }
}
