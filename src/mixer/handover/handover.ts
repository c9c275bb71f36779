import { msToSamples } from '../../media/audio-format.js';
import type { AudioDestination, ConnectionInput } from '../connection-input.js';
import { findAlignment, MAX_LAG } from './alignment.js';
import { audibleSamples, isPause } from './loudness.js';
import { RecentAudio } from './recent-audio.js';

/** How much audio arrives on both connections together between two checks: 250 ms of each. */
const CHECK_EVERY = msToSamples(500);
/** When the newcomer delivered this much while the former connection delivered nothing, the former counts as closed. */
const DEAD_AFTER = msToSamples(1_000);
/** How much speech suffices to align the connections. */
const ALIGNABLE_AFTER = msToSamples(800);
/** When this much audible sound of both could not be aligned, it never will be. */
const GIVE_UP_AFTER = msToSamples(8_000);
/** The switch waits for a pause, but no longer than this. */
const PAUSE_WITHIN = msToSamples(5_000);

/**
 * Moves a track from one connection to another without losing or duplicating a word. Until the two are aligned, the former
 * connection is played and both are recorded. Once the offset between them is known there are two cases. When the newcomer
 * is ahead, the audio that it has more is played at once. When it is behind, the former connection goes on until a pause,
 * and the newcomer's audio that was played already is skipped.
 */
export class Handover {
  readonly #former = new RecentAudio();
  readonly #newcomer = new RecentAudio();
  /** Newcomer position + offset = position of the same sound on the former connection. */
  #offset: number | undefined;
  #sinceCheck = 0;
  /** The newcomer's position when the former connection last delivered. */
  #newcomerAtFormer = 0;
  /** The former connection's position when the offset was found. */
  #formerAtAlignment = 0;
  #formerEnded = false;
  #isDone = false;
  #keptFormer = false;

  constructor(
    private readonly track: AudioDestination,
    private readonly from: ConnectionInput,
    private readonly to: ConnectionInput,
  ) {
    from.redirectTo({
      write: (samples) => this.#writeFormer(samples),
      setMuted: (muted) => track.setMuted(muted),
      finish: () => this.#endFormer(),
    });
    to.redirectTo({
      write: (samples) => this.#writeNewcomer(samples),
      setMuted: (muted) => track.setMuted(muted),
      finish: () => this.#endNewcomer(),
    });
  }

  /**
   * Decides at once with what is known; a newcomer that has delivered audio wins. Idempotent.
   * @returns the connection that feeds the track
   */
  conclude(): ConnectionInput {
    if (!this.#isDone && !this.#formerEnded && this.#newcomer.end === 0) this.#keepFormer();
    else if (this.#formerEnded) this.#switchAtFormersEnd();
    else this.#switch(this.#offset === undefined ? this.#newcomer.end : this.#former.end - this.#offset);
    return this.#keptFormer ? this.from : this.to;
  }

  #writeFormer(samples: Int16Array): void {
    this.track.write(samples);
    this.#former.write(samples);
    this.#newcomerAtFormer = this.#newcomer.end;
    this.#checkAfter(samples.length);
  }

  #writeNewcomer(samples: Int16Array): void {
    this.#newcomer.write(samples);
    if (!this.#formerEnded && this.#newcomer.end - this.#newcomerAtFormer > DEAD_AFTER) this.#endFormer();
    else this.#checkAfter(samples.length);
  }

  #endFormer(): void {
    this.#formerEnded = true;
    this.from.detach();
    this.#check();
  }

  #endNewcomer(): void {
    if (!this.#formerEnded) {
      this.#keepFormer();
      return;
    }
    this.#switchAtFormersEnd();
    this.track.finish();
  }

  /** The newcomer has delivered nothing, or has ended first. */
  #keepFormer(): void {
    this.#isDone = this.#keptFormer = true;
    this.to.detach();
    this.from.redirectTo(this.track);
  }

  #checkAfter(samples: number): void {
    this.#sinceCheck += samples;
    if (this.#sinceCheck < CHECK_EVERY) return;
    this.#sinceCheck = 0;
    this.#check();
  }

  #check(): void {
    if (this.#isDone) return;
    if (this.#offset === undefined) this.#align();
    if (this.#offset !== undefined) this.#switchWhenDue(this.#offset);
    else if (this.#formerEnded) this.#switchUnalignedAfterEnd();
    else this.#switchUnaligned();
  }

  #align(): void {
    const since = this.#formerEnded ? this.#newcomer.end - this.#newcomerAtFormer : 0;
    const offset = findAlignment(this.#former.samples, this.#newcomer.samples, since);
    if (offset === undefined) return;
    this.#offset = offset + this.#former.start - this.#newcomer.start;
    this.#formerAtAlignment = this.#former.end;
  }

  #switchWhenDue(offset: number): void {
    const waited = this.#former.end - this.#formerAtAlignment;
    if (this.#formerEnded || waited > PAUSE_WITHIN || isPause(this.#former.samples)) {
      this.#switch(this.#former.end - offset);
    }
  }

  /** The former connection has ended, and may have delivered what the newcomer is about to deliver. */
  #switchUnalignedAfterEnd(): void {
    const since = this.#newcomer.end - this.#newcomerAtFormer;
    const isDecided = since > MAX_LAG || audibleSamples(this.#newcomer.samples) >= ALIGNABLE_AFTER;
    if (audibleSamples(this.#former.samples) === 0) this.#switch(this.#newcomer.start);
    else if (isDecided) this.#switchAtFormersEnd();
  }

  /** Both connections go on, but there is nothing to align them by: switches where least can be lost or duplicated. */
  #switchUnaligned(): void {
    if (this.#former.end < MAX_LAG || this.#newcomer.end < MAX_LAG) return;
    const former = audibleSamples(this.#former.from(this.#former.end - MAX_LAG));
    const newcomer = audibleSamples(this.#newcomer.from(this.#newcomer.end - MAX_LAG));
    if (former === 0 && newcomer === 0) this.#switch(this.#newcomer.end);
    else if (former === 0 && newcomer > ALIGNABLE_AFTER) {
      this.#switch(this.#newcomer.end - MAX_LAG - ALIGNABLE_AFTER - CHECK_EVERY);
    }
    const gaveUp = newcomer > 0 && this.#former.end > GIVE_UP_AFTER && this.#newcomer.end > GIVE_UP_AFTER;
    const waitedForPause = this.#former.end > GIVE_UP_AFTER + PAUSE_WITHIN;
    if (gaveUp && (waitedForPause || isPause(this.#former.samples))) this.#switch(this.#newcomer.end);
  }

  /** Continues where the former connection ended; without an offset, as if both had the same delay. */
  #switchAtFormersEnd(): void {
    this.#switch(this.#offset === undefined ? this.#newcomerAtFormer : this.#former.end - this.#offset);
  }

  /** The newcomer feeds the track from this position of it on. */
  #switch(position: number): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.from.detach();
    const unplayed = this.#newcomer.from(position);
    if (unplayed.length > 0) this.track.write(unplayed);
    const alreadyPlayed = position - this.#newcomer.end;
    if (alreadyPlayed > 0) this.to.skipNext(alreadyPlayed);
    this.to.redirectTo(this.track);
  }
}
