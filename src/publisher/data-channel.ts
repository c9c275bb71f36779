/** A message on its way to one room. */
export interface Packet {
  readonly bytes: Uint8Array;
  /** Identifies this packet in every attempt to send it, also after a restart: LiveKit delivers it once. */
  readonly nonce: Uint8Array;
  /** The number of its message; a snapshot has none of its own. */
  readonly seq?: number;
  /** Resolves when the message is stored; the packet is not sent before. */
  readonly written?: Promise<void>;
  /** A later packet with this key makes this one superfluous; undefined for a packet that must arrive. */
  readonly supersededBy?: string;
  /** Earlier packets with this key are superfluous. */
  readonly supersedes?: string;
  /** The only recipient; everybody in the room where this is absent. */
  readonly toIdentity?: string;
}

/** Sends data packets to the participants of a room. */
export abstract class DataChannel {
  /** How far apart the interims of a segment should be now; 0: as they come. */
  get interimGapMs(): number {
    return 0;
  }

  /**
   * Sends one packet, reliably, to everybody in the room or to one participant. Rejects when LiveKit did not accept it, with
   * RoomNotFound where the room does not exist. Retrying is safe: the room drops a second packet with the same nonce.
   */
  abstract send(room: string, packet: Packet): Promise<void>;
}

/** LiveKit knows no such room: it is over, or is created again when its participants reconnect. */
export class RoomNotFound extends Error {
  override readonly name = 'RoomNotFound';
}

/** LiveKit will never take this packet, and does take others. */
export class PacketInvalid extends Error {
  override readonly name = 'PacketInvalid';

  constructor(readonly status: number) {
    super(`LiveKit answers ${status}`);
  }
}
