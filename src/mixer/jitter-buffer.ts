import { FRAME_SAMPLES, samplesToMs } from '../media/audio-format.js';
import { ElasticRing } from './elastic-ring.js';
import { MuteEdges } from './mute-edges.js';
import { Playout } from './playout.js';
import type { AudioDestination } from './track-input.js';

export interface TrackCounters {
  readonly bufferedMs: number;
  /** How much is collected before the track begins to play. */
  readonly startDepthMs: number;
  /** What the source says of its microphone. */
  readonly muted: boolean;
  /** Lost because the buffer was full. */
  readonly droppedSamples: number;
  /** Left out, mostly of pauses, to work off a backlog or drift. */
  readonly skippedSamples: number;
  /** Heard twice, mostly in pauses, to make up for drift. */
  readonly repeatedSamples: number;
  /** How often the sound did not come in time. */
  readonly underruns: number;
}

/**
 * One track on its way into the mix: written to as sound comes, read every 20 ms. What is late is silence for now and played
 * afterwards; pauses are shortened until it has caught up, and only what exceeds 30 s is lost.
 */
export class JitterBuffer implements AudioDestination {
  #muted = false;
  readonly #ring = new ElasticRing();
  readonly #playout = new Playout(this.#ring);
  readonly #edges: MuteEdges;
  #playing = false;
  #finished = false;
  #waitedSamples = 0;
  #dropped = 0;
  #reported = 0;
  #underruns = 0;

  /** @param fadeSamples how long the sound is faded where its microphone is switched; 0: not at all */
  constructor(fadeSamples = 0) {
    this.#edges = new MuteEdges(this.#ring, fadeSamples);
  }

  /** Mean power of the frame read last, 0..1. */
  get power(): number {
    return this.#playout.power;
  }

  /** Whether the frame read last belongs to speech. */
  get speech(): boolean {
    return this.#playout.speech;
  }

  get bufferedSamples(): number {
    return this.#ring.length;
  }

  /** It plays, more is to come, and the next frame is not there. */
  get starves(): boolean {
    return this.#playing && !this.#finished && this.#ring.length < FRAME_SAMPLES;
  }

  /** Nothing more comes, and nothing is left. */
  get done(): boolean {
    return this.#finished && this.#ring.length === 0;
  }

  get counters(): TrackCounters {
    return {
      bufferedMs: samplesToMs(this.#ring.length),
      startDepthMs: samplesToMs(this.#playout.depth.startSamples),
      muted: this.#muted,
      droppedSamples: this.#dropped,
      skippedSamples: this.#playout.skippedSamples,
      repeatedSamples: this.#playout.repeatedSamples,
      underruns: this.#underruns,
    };
  }

  write(samples: Int16Array): void {
    this.#dropped += this.#ring.write(samples);
    this.#edges.written(samples);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
  }

  /** No more comes: the rest is played without waiting for more. */
  finish(): void {
    this.#finished = true;
  }

  /** More comes after all. */
  reopen(): void {
    if (!this.#finished) return;
    this.#finished = false;
    this.#stop();
  }

  /** Samples lost since it was last asked. */
  takeLoss(): number {
    const loss = this.#dropped - this.#reported;
    this.#reported = this.#dropped;
    return loss;
  }

  /**
   * Puts the next 20 ms into `frame`. False when there is nothing to hear in them.
   * While the reader itself is late, what is buffered is no backlog but what he still owes.
   */
  read(frame: Int16Array, readerIsLate = false): boolean {
    if (!this.#mayPlay(readerIsLate)) this.#playout.pass();
    else if (this.#finished || readerIsLate) this.#playout.takeAsIs(frame);
    else this.#playout.take(frame);
    return this.power > 0;
  }

  #mayPlay(readerIsLate: boolean): boolean {
    const buffered = this.#ring.length;
    if (this.#finished) return buffered > 0;
    if (this.#playing && buffered < FRAME_SAMPLES) this.#underrun(readerIsLate);
    if (this.#playing) return true;
    if (buffered < FRAME_SAMPLES) return false;
    this.#waitedSamples += FRAME_SAMPLES;
    this.#playing = Math.max(buffered, this.#waitedSamples) >= this.#playout.depth.startSamples;
    if (this.#playing) this.#playout.depth.resumed(buffered);
    return this.#playing;
  }

  #underrun(readerIsLate: boolean): void {
    this.#stop();
    this.#underruns++;
    this.#playout.depth.underrun(readerIsLate);
  }

  #stop(): void {
    this.#playing = false;
    this.#waitedSamples = 0;
  }
}
