import { EgressApiError, type EgressEnd } from './egress-api.js';

const ENDS: Record<EgressEnd, string> = {
  complete: 'ended by itself',
  failed: 'failed',
  aborted: 'was aborted',
  'limit-reached': 'had run for its longest time',
};

export const UNSUPPORTED = 'this LiveKit server cannot do that yet';
export const CIRCUIT_OPEN = 'LiveKit’s API fails: starts wait until it answers again';

/** Why a stream is started anew, for people who look after the service. */
export const lossReason = (end: EgressEnd | undefined): string =>
  end === undefined || end === 'complete' ? 'the audio socket was lost' : `Egress ${ENDS[end]}`;

/** An egress that was started and never came. @param end what LiveKit says of it, if anything */
export const noSocketError = (end?: EgressEnd): EgressApiError =>
  new EgressApiError(
    end === undefined
      ? 'Egress opened no socket: is EGRESS_WEBSOCKET_BASE_URL reachable from it?'
      : `Egress opened no socket: it ${ENDS[end]}`,
    'no-socket',
  );

export const asApiError = (error: unknown): EgressApiError =>
  error instanceof EgressApiError ? error : new EgressApiError('an unexpected error', 'no-socket');
