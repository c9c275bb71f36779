/** A data packet as a participant receives it. A server's packet has no sender. */
export interface DataPacket {
  readonly payload: Uint8Array;
  readonly topic: string | undefined;
  readonly kind: 'RELIABLE' | 'LOSSY';
  /** Unix time. */
  readonly receivedAtMs: number;
}

export type DataListener = (packet: DataPacket) => void;
