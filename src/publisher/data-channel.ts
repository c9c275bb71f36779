import type { Packet } from './packet-queue.js';

/** How words reach the people in a room. */
export abstract class DataChannel {
  /**
   * Delivers one packet, reliably, to everybody in the room or to one participant. Rejects when LiveKit did not take it,
   * with RoomNotThere where that is why; sending it again is then safe: the room drops what comes twice with the same nonce.
   */
  abstract send(room: string, packet: Packet): Promise<void>;
}
