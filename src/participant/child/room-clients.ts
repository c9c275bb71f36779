import type { FromChild, ToChild } from '../messages.js';
import { RoomClient } from './room-client.js';
import type { FramePipe } from './frame-pipe.js';
import type { RtcModule } from './rtc.js';

/** The rooms that this process is in. */
export class RoomClients {
  /** By connection number. */
  readonly #clients = new Map<number, RoomClient>();

  constructor(
    private readonly rtc: RtcModule,
    private readonly pipe: FramePipe,
    private readonly send: (message: FromChild) => void,
  ) {}

  /** Does what the service asks for. Messages for a connection that is over are ignored. */
  onMessage(message: ToChild): void {
    if (message.kind === 'join') {
      this.#join(message);
      return;
    }
    const client = this.#clients.get(message.connection);
    if (message.kind === 'subscribe') client?.subscribe(message.track, message.trackSid);
    else if (message.kind === 'unsubscribe') client?.unsubscribe(message.track);
    else this.#leave(message.connection);
  }

  async leaveAll(): Promise<void> {
    await Promise.all([...this.#clients.values()].map(async (client) => client.leave()));
  }

  #join({ connection, url, token }: ToChild & { kind: 'join' }): void {
    const client = new RoomClient(this.rtc, connection, this.pipe, this.send);
    this.#clients.set(connection, client);
    void client.join(url, token);
  }

  #leave(connection: number): void {
    void this.#clients.get(connection)?.leave();
    this.#clients.delete(connection);
  }
}
