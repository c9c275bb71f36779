/**
 * What went wrong, as far as it matters for what follows.
 * - `outage`: LiveKit fails, or has no worker now. Asking again helps.
 * - `unanswered`: nothing came back, so an egress may run all the same.
 * - `limit`: the account has as many egresses as it may have.
 * - `unsupported`: this server is too old for the request.
 * - `refused`: asking again cannot help until somebody changes something.
 * - `no-socket`: it was started and never came.
 */
export type EgressFault = 'outage' | 'unanswered' | 'limit' | 'unsupported' | 'refused' | 'not-found' | 'no-socket';

/** LiveKit refused a call, or could not be asked. */
export class EgressApiError extends Error {
  override readonly name = 'EgressApiError';

  constructor(
    /** For people who look after the service: no secrets, no names. */
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
  /** The address that it dialled, its query masked. */
  readonly url: string;
  /** Starting, streaming or draining. */
  readonly active: boolean;
  /** Why it ended, for people who look after the service; undefined while it is active. */
  readonly end: EgressEnd | undefined;
}

export type EgressEnd = 'complete' | 'failed' | 'aborted' | 'limit-reached';

/** What goes on the two channels. */
export type EgressInput =
  | { readonly kind: 'track'; readonly trackSid: string }
  | { readonly kind: 'pair'; readonly leftSid: string; readonly rightSid: string }
  | { readonly kind: 'room' };

/** Starting, stopping and listing Egress at LiveKit. Methods reject with EgressApiError. */
export abstract class EgressApi {
  /** Resolves with the egress's id. Egress dials `websocketUrl` once, perhaps before this resolves. */
  abstract start(room: string, cargo: EgressInput, websocketUrl: string): Promise<string>;

  /** Asks an egress to end; it drains first. One that is gone already counts as stopped. */
  abstract stop(egressId: string): Promise<void>;

  /** The active ones, of one room or of the whole account. */
  abstract listActive(room?: string): Promise<ListedEgress[]>;
}
