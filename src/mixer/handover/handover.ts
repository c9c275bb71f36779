import { msToSamples } from '../../media/audio-format.js';
import type { AudioDestination, ConnectionInput } from '../track-input.js';
import { findAlignment, GREATEST_LAG } from './find-alignment.js';
import { audibleSamples, isPause } from './loudness.js';
import { RecentAudio } from './recent-audio.js';

/** How much sound comes, on both ways together, from one look to the next: 250 ms. */
const LOOK_EVERY = msToSamples(500);
/** The former way brought nothing while the new one brought so much: it is as good as closed. */
const DEAD_AFTER = msToSamples(1_000);
/** So much of a voice is enough to know it again. */
const KNOWN_BY = msToSamples(800);
/** After so much that can be heard on both ways without being the same, they are not going to be. */
const HOPELESS_AFTER = msToSamples(8_000);
/** A cut waits for a pause, but not longer. */
const PAUSE_WITHIN = msToSamples(5_000);

/**
 * Moves a track from one connection to another without a word lost or doubled. Until it is known which place of the new
 * sound is which of the former, the former is heard and both are recorded. Then: is the newcomer ahead, what it has more is
 * played at once; is it behind, the former stays until a pause, and what it has said already is left out.
 */
export class Handover {
  readonly #former = new RecentAudio();
  readonly #newcomer = new RecentAudio();
  #seam: number | undefined;
  #sinceLook = 0;
  /** Where the newcomer was when the former was last heard, and when the seam was found. */
  #newcomerAtFormer = 0;
  #formerAtSeam = 0;
  #formerGone = false;
  #over = false;
  #stayed = false;

  constructor(
    private readonly track: AudioDestination,
    private readonly from: ConnectionInput,
    private readonly to: ConnectionInput,
  ) {
    from.leadTo({
      write: (samples) => this.#heardFormer(samples),
      setMuted: (muted) => track.setMuted(muted),
      finish: () => this.#formerEnded(),
    });
    to.leadTo({
      write: (samples) => this.#heardNewcomer(samples),
      setMuted: (muted) => track.setMuted(muted),
      finish: () => this.#newcomerEnded(),
    });
  }

  /** Decides now, by what is known: a newcomer that has brought sound wins. Returns who carries the track. Idempotent. */
  conclude(): ConnectionInput {
    if (!this.#over && !this.#formerGone && this.#newcomer.end === 0) this.#stay();
    else if (this.#formerGone) this.#cutAtFormersEnd();
    else this.#cut(this.#seam === undefined ? this.#newcomer.end : this.#former.end - this.#seam);
    return this.#stayed ? this.from : this.to;
  }

  #heardFormer(samples: Int16Array): void {
    this.track.write(samples);
    this.#former.write(samples);
    this.#newcomerAtFormer = this.#newcomer.end;
    this.#recorded(samples.length);
  }

  #heardNewcomer(samples: Int16Array): void {
    this.#newcomer.write(samples);
    if (!this.#formerGone && this.#newcomer.end - this.#newcomerAtFormer > DEAD_AFTER) this.#formerEnded();
    else this.#recorded(samples.length);
  }

  #formerEnded(): void {
    this.#formerGone = true;
    this.from.deafen();
    this.#look();
  }

  #newcomerEnded(): void {
    if (!this.#formerGone) {
      this.#stay();
      return;
    }
    this.#cutAtFormersEnd();
    this.track.finish();
  }

  /** The newcomer comes to nothing. */
  #stay(): void {
    this.#over = this.#stayed = true;
    this.to.deafen();
    this.from.leadTo(this.track);
  }

  #recorded(samples: number): void {
    this.#sinceLook += samples;
    if (this.#sinceLook < LOOK_EVERY) return;
    this.#sinceLook = 0;
    this.#look();
  }

  #look(): void {
    if (this.#over) return;
    if (this.#seam === undefined) {
      const since = this.#formerGone ? this.#newcomer.end - this.#newcomerAtFormer : 0;
      const seam = findAlignment(this.#former.samples, this.#newcomer.samples, since);
      if (seam !== undefined) this.#found(seam + this.#former.start - this.#newcomer.start);
    }
    if (this.#seam !== undefined) this.#cutWhenDue(this.#seam);
    else if (this.#formerGone) this.#cutUnalignedAfterEnd();
    else this.#cutUnaligned();
  }

  #found(seam: number): void {
    this.#seam = seam;
    this.#formerAtSeam = this.#former.end;
  }

  #cutWhenDue(seam: number): void {
    const waited = this.#former.end - this.#formerAtSeam;
    if (this.#formerGone || waited > PAUSE_WITHIN || isPause(this.#former.samples)) this.#cut(this.#former.end - seam);
  }

  /** The former has ended and may have said what the newcomer is about to say; or there is nothing to be doubled. */
  #cutUnalignedAfterEnd(): void {
    const since = this.#newcomer.end - this.#newcomerAtFormer;
    const decided = since > GREATEST_LAG || audibleSamples(this.#newcomer.samples) >= KNOWN_BY;
    if (audibleSamples(this.#former.samples) === 0) this.#cut(this.#newcomer.start);
    else if (decided) this.#cutAtFormersEnd();
  }

  /** Both go on, but there is nothing to align them by. */
  #cutUnaligned(): void {
    if (this.#former.end < GREATEST_LAG || this.#newcomer.end < GREATEST_LAG) return;
    const newcomerLately = this.#newcomer.from(this.#newcomer.end - GREATEST_LAG);
    const formerLately = this.#former.from(this.#former.end - GREATEST_LAG);
    const [spoken, speaking] = [audibleSamples(formerLately), audibleSamples(newcomerLately)];
    if (spoken === 0 && speaking === 0) this.#cut(this.#newcomer.end);
    else if (spoken === 0 && speaking > KNOWN_BY) this.#cut(this.#newcomer.end - GREATEST_LAG - KNOWN_BY - LOOK_EVERY);
    const hopeless = speaking > 0 && this.#former.end > HOPELESS_AFTER && this.#newcomer.end > HOPELESS_AFTER;
    const longHopeless = this.#former.end > HOPELESS_AFTER + PAUSE_WITHIN;
    if (hopeless && (longHopeless || isPause(this.#former.samples))) this.#cut(this.#newcomer.end);
  }

  /** As if both had the same delay. */
  #cutAtFormersEnd(): void {
    this.#cut(this.#seam === undefined ? this.#newcomerAtFormer : this.#former.end - this.#seam);
  }

  /** From now on the newcomer is heard, from that place of it on. */
  #cut(place: number): void {
    if (this.#over) return;
    this.#over = true;
    this.from.deafen();
    const missed = this.#newcomer.from(place);
    if (missed.length > 0) this.track.write(missed);
    const heardAlready = place - this.#newcomer.end;
    if (heardAlready > 0) this.to.leaveOut(heardAlready);
    this.to.leadTo(this.track);
  }
}
