import { Logger } from '@nestjs/common';
import { errorKind } from '../logging/error-kind.js';
import type { LogSpill } from './audio-log.js';
import type { SpillFile } from './spill-file.js';

/** Spills only what nobody has read yet, and does without the disk from its first failure on. */
export class UnreadSpill implements LogSpill {
  readonly #logger = new Logger('Gladia');
  #isBroken = false;

  constructor(
    private readonly file: SpillFile,
    /** The first sample that is still to be read. */
    private readonly unread: () => number,
  ) {}

  wants(until: number): boolean {
    return !this.#isBroken && until > this.unread();
  }

  append(position: number, samples: Int16Array): void {
    this.#attempt(() => this.file.append(position, samples));
  }

  startOf(until: number): number {
    return this.#isBroken ? until : this.file.startOf(until);
  }

  /** What the disk cannot give back is silence: the times of all that follows stay right. */
  read(position: number, into: Int16Array): void {
    into.fill(0);
    this.#attempt(() => this.file.read(position, into));
  }

  /** Idempotent. */
  close(): void {
    this.#attempt(() => this.file.close());
    this.#isBroken = true;
  }

  #attempt(move: () => void): void {
    if (this.#isBroken) return;
    try {
      move();
    } catch (error) {
      this.#isBroken = true;
      this.#logger.error(`sound cannot be kept on disk: ${errorKind(error)}; set AUDIO_LOG_DIR to a place with room`);
    }
  }
}
