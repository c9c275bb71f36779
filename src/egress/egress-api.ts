/**
 * What went wrong, by how the service reacts to it.
 * - `outage`: LiveKit's API fails, or has no free worker. A retry can help.
 * - `unanswered`: the call got no answer, so that an egress may have started all the same.
 * - `limit`: the account runs as many egresses as it may.
 * - `rate-limited`: the project makes more API requests than it may; a retry helps when the pause is over.
 * - `unsupported`: this LiveKit server is too old for the request.
 * - `rejected`: LiveKit does not take this one request, for a reason of its own; others are not affected.
 * - `refused`: a retry cannot help until somebody changes the configuration.
 * - `no-socket`: the egress was started and never opened its WebSocket.
 */
export type EgressFault =
  | 'outage'
  | 'unanswered'
  | 'limit'
  | 'rate-limited'
  | 'rejected'
  | 'unsupported'
  | 'refused'
  | 'not-found'
  | 'no-socket';

/** LiveKit refused an Egress call, or did not answer it. */
export class EgressApiError extends Error {
  override readonly name = 'EgressApiError';

  constructor(
    /** For operators: no secrets, no names. */
    readonly reason: string,
    readonly fault: EgressFault,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

/** An egress to a WebSocket, as LiveKit lists it. */
export interface ListedEgress {
  readonly egressId: string;
  readonly room: string;
  /** The WebSocket address that it connects to, with its query masked. */
  readonly url: string;
  /** Starting, streaming or draining. */
  readonly active: boolean;
  /** Why it ended; undefined while it is active. */
  readonly end: EgressEnd | undefined;
}

export type EgressEnd = 'complete' | 'failed' | 'aborted' | 'limit-reached';

/** What an egress sends on the two channels of its WebSocket. */
export type EgressInput =
  | { readonly kind: 'track'; readonly trackSid: string }
  | { readonly kind: 'pair'; readonly leftSid: string; readonly rightSid: string }
  | { readonly kind: 'room' };

/** Starts, stops and lists egresses at LiveKit. Every method rejects with EgressApiError. */
export abstract class EgressApi {
  /** Resolves with the egress's id. Egress connects to `websocketUrl` once, perhaps before this resolves. */
  abstract start(room: string, input: EgressInput, websocketUrl: string): Promise<string>;

  /** Asks an egress to end; it drains first. One that has already ended counts as stopped. */
  abstract stop(egressId: string): Promise<void>;

  /** The active ones, of one room or of the whole account. */
  abstract listActive(room?: string): Promise<ListedEgress[]>;
}

const ENDS: Record<EgressEnd, string> = {
  complete: 'ended by itself',
  failed: 'failed',
  aborted: 'was aborted',
  'limit-reached': 'had run for its longest time',
};

export const UNSUPPORTED = 'this LiveKit server cannot do that yet';
export const CIRCUIT_OPEN = 'LiveKit’s API fails: starts wait until it answers again';

/** Why a stream is started again, for operators. */
export const lossReason = (end: EgressEnd | undefined): string =>
  end === undefined || end === 'complete' ? 'the audio socket was lost' : `Egress ${ENDS[end]}`;

/** The egress opened no WebSocket. @param end how LiveKit says that it ended, if it did */
export const noSocketError = (end?: EgressEnd): EgressApiError =>
  new EgressApiError(
    end === undefined
      ? 'Egress opened no socket: is EGRESS_WEBSOCKET_BASE_URL reachable from it?'
      : `Egress opened no socket: it ${ENDS[end]}`,
    'no-socket',
  );

export const asApiError = (error: unknown): EgressApiError =>
  error instanceof EgressApiError ? error : new EgressApiError('an unexpected error', 'no-socket');
