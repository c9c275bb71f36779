/** What a connection's token proves: which attempt of which track, or pair of tracks, it is. */
export interface EgressTicket {
  readonly sessionId: string;
  /** A track's SID; of a pair both, the left channel's first, with a comma between. */
  readonly target: string;
  readonly attempt: number;
}

/**
 * Why a token is worth nothing: there is none; it is not ours, or made for another session, track, attempt or run of the
 * service; its time is over; its attempt has its socket already, or was given up. Counted, and never told to the peer.
 */
export type TokenFault = 'missing' | 'forged' | 'expired' | 'spent';

/**
 * The one thing that the audio gateway knows of Egress: whose connection this is, and whom to tell of it.
 * Provided by the egress module.
 */
export abstract class EgressConnections {
  /** The token's ticket, or why it has none. A forged one is told in constant time. Asking does not use it up. */
  abstract ticket(sessionId: string, target: string, token: string): EgressTicket | TokenFault;

  /** The socket of an attempt is open, which uses its token up. */
  abstract socketOpened(ticket: EgressTicket): void;

  /** It is closed, with the WebSocket's code; 1005 is Egress's own regular end. */
  abstract socketClosed(ticket: EgressTicket, code: number): void;
}
