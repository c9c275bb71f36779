/** How words reach the people in a room. */
export abstract class DataChannel {
  /**
   * Delivers one packet, reliably, to everybody in the room or to one participant. Rejects when LiveKit did not take it;
   * sending it again is then safe for who looks at `seq`.
   */
  abstract send(room: string, packet: Uint8Array, toIdentity?: string): Promise<void>;
}
