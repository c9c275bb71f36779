import type { FromChild, ToChild } from '../messages.js';
import { RoomClient } from './room-client.js';
import type { FramePipe } from './frame-pipe.js';
import type { RtcModule } from './rtc.js';

/** The rooms that this process is in. */
export class RoomClients {
  readonly #presences = new Map<number, RoomClient>();

  constructor(
    private readonly rtc: RtcModule,
    private readonly pipe: FramePipe,
    private readonly tell: (message: FromChild) => void,
  ) {}

  /** Does what the service says. What is said of a presence that is over is of no interest. */
  take(message: ToChild): void {
    if (message.kind === 'join') {
      this.#join(message);
      return;
    }
    const presence = this.#presences.get(message.presence);
    if (message.kind === 'hear') presence?.hear(message.track, message.trackSid);
    else if (message.kind === 'unhear') presence?.unhear(message.track);
    else this.#leave(message.presence);
  }

  async leaveAll(): Promise<void> {
    await Promise.all([...this.#presences.values()].map(async (presence) => presence.leave()));
  }

  #join({ presence: number, url, token }: ToChild & { kind: 'join' }): void {
    const presence = new RoomClient(this.rtc, number, this.pipe, this.tell);
    this.#presences.set(number, presence);
    void presence.join(url, token);
  }

  #leave(number: number): void {
    void this.#presences.get(number)?.leave();
    this.#presences.delete(number);
  }
}
