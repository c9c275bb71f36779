import type { TrackMessage } from './messages.js';
import type { TrackReceiver, TrackSubscription } from './track-subscription.js';
import type { TrackListener } from './participant-process.js';

/** One track as one presence hears it. */
export class ConnectionTrack implements TrackListener, TrackReceiver {
  number = 0;
  /** Resolves with its first sound. */
  readonly begun: Promise<void>;
  #begin: (() => void) | undefined;
  #subscribed = false;
  #interrupted = false;

  constructor(
    private readonly carriage: TrackSubscription,
    readonly order: number,
  ) {
    this.begun = new Promise((resolve) => (this.#begin = resolve));
  }

  onMessage(message: TrackMessage): void {
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
    if (this.#subscribed && !this.#interrupted) this.carriage.onStarted(this);
    else this.carriage.onStopped(this);
  }
}
