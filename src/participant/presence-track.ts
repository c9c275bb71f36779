import type { AboutTrack } from './messages.js';
import type { Hearer, ParticipantCarriage } from './participant-carriage.js';
import type { TrackListener } from './participant-process.js';

/** One track as one presence hears it. */
export class PresenceTrack implements TrackListener, Hearer {
  number = 0;
  /** Resolves with its first sound. */
  readonly begun: Promise<void>;
  #begin: (() => void) | undefined;
  #subscribed = false;
  #interrupted = false;

  constructor(
    private readonly carriage: ParticipantCarriage,
    readonly order: number,
  ) {
    this.begun = new Promise((resolve) => (this.#begin = resolve));
  }

  heard(message: AboutTrack): void {
    if (message.kind === 'muted') {
      this.carriage.setMuted(this, message.muted);
      return;
    }
    if (message.kind === 'denied') this.carriage.deny();
    this.#subscribed = message.kind === 'subscribed';
    this.#tell();
  }

  write(samples: Int16Array): void {
    this.#begin?.();
    this.#begin = undefined;
    this.carriage.write(this, samples);
  }

  /** Its presence is out of touch with the room, or in touch again. */
  interrupt(interrupted: boolean): void {
    this.#interrupted = interrupted;
    this.#tell();
  }

  #tell(): void {
    if (this.#subscribed && !this.#interrupted) this.carriage.heardBy(this);
    else this.carriage.leftBy(this);
  }
}
