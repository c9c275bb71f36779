/** What a connection's token proves: which attempt of which track, or pair of tracks, it is. */
export interface EgressTicket {
  readonly sessionId: string;
  /** A track's SID; of a pair both, the left channel's first, with a comma between. */
  readonly target: string;
  readonly attempt: number;
}

/**
 * The one thing that the audio gateway knows of Egress: whose connection this is, and whom to tell of it.
 * Provided by the egress module.
 */
export abstract class EgressConnections {
  /**
   * Undefined when the token is forged, expired, was used already, or was made for another session, track, run of the
   * service, or an attempt that was given up. A forged one is told in constant time. Asking does not use it up.
   */
  abstract ticket(sessionId: string, target: string, token: string): EgressTicket | undefined;

  /** The socket of an attempt is open, which uses its token up. */
  abstract opened(ticket: EgressTicket): void;

  /** It is closed, with the WebSocket's code; 1005 is Egress's own regular end. */
  abstract closed(ticket: EgressTicket, code: number): void;
}
