/** Where the speech-to-text sink is, and the processor on which a peer runs; undefined: any. */
export interface PeerOptions {
  readonly gladiaUrl: string;
  readonly processor: string | undefined;
}

/** Something that takes tracks in place of the service. */
export interface Peer {
  readonly pid: number;
  /** The address to which a track of a session is sent. */
  urlOf(session: number, track: number): string;
  stop(): Promise<void>;
}
