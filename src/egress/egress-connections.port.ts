/** What the token of a connection proves: the attempt that it belongs to, and its track or pair of tracks. */
export interface EgressTicket {
  readonly sessionId: string;
  /** A track's SID; of a pair both, the left channel's first, with a comma between. */
  readonly target: string;
  readonly attempt: number;
}

/**
 * Why a token is not accepted. Counted in metrics, and never revealed to the peer.
 * - `missing`: there is none
 * - `forged`: it is not ours, or was made for another session, track, attempt or process
 * - `expired`: it is too old
 * - `spent`: its attempt has its WebSocket already, or was given up
 */
export type TokenFault = 'missing' | 'forged' | 'expired' | 'spent';

/** Identifies the connections that Egress opens to the audio gateway. Provided by the egress module. */
export abstract class EgressConnections {
  /** The token's ticket, or why it has none. Forgeries are checked in constant time. Does not use the token up. */
  abstract ticket(sessionId: string, target: string, token: string): EgressTicket | TokenFault;

  /** The WebSocket of an attempt is open, which uses its token up. */
  abstract socketOpened(ticket: EgressTicket): void;

  /** @param code the WebSocket's close code; Egress itself ends with 1005 */
  abstract socketClosed(ticket: EgressTicket, code: number): void;
}
