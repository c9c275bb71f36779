import { SandboxRoom, type RoomSettings } from './sandbox-room.js';
import type { WebhookEventBody } from './webhook-sender.js';

/** Every room of a server, open or not. */
export class SandboxRooms {
  readonly #rooms = new Map<string, SandboxRoom>();

  constructor(
    private readonly settings: RoomSettings,
    private readonly report: (event: WebhookEventBody) => void,
  ) {}

  /** The room of that name, open or not. */
  room(name: string): SandboxRoom {
    const known = this.#rooms.get(name);
    if (known !== undefined) return known;
    const room = new SandboxRoom(name, this.settings, this.report);
    this.#rooms.set(name, room);
    return room;
  }

  /** The open room of that name. */
  find(name: string): SandboxRoom | undefined {
    return this.open().find((room) => room.name === name);
  }

  open(): SandboxRoom[] {
    return [...this.#rooms.values()].filter((room) => room.sid !== undefined);
  }

  close(): void {
    for (const room of this.open()) room.close();
  }
}
