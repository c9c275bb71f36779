import { Injectable } from '@nestjs/common';
import { EgressClient, ServerError } from 'livekit-server-sdk';
import { errorKind } from '../logging/error-kind.js';
import { EgressApi, EgressApiError } from './egress-api.js';

@Injectable()
export class LiveKitEgressApi extends EgressApi {
  constructor(private readonly client: EgressClient) {
    super();
  }

  override async startTrack(room: string, trackSid: string, websocketUrl: string): Promise<string> {
    try {
      return (await this.client.startTrackEgress(room, websocketUrl, trackSid)).egressId;
    } catch (error) {
      throw egressApiError(error);
    }
  }

  override async stop(egressId: string): Promise<void> {
    try {
      await this.client.stopEgress(egressId);
    } catch (error) {
      if (!isOver(error)) throw egressApiError(error);
    }
  }
}

/** 404: unknown by now; 412: it has ended or is ending. */
const isOver = (error: unknown): boolean =>
  error instanceof ServerError && (error.status === 404 || error.code === 'failed_precondition');

/** LiveKit's messages quote tokens, so what is passed on is made here. A plain 500 or 503 means: no worker now. */
function egressApiError(cause: unknown): EgressApiError {
  const status = cause instanceof ServerError ? cause.status : undefined;
  switch (status) {
    case 401:
    case 403:
      return new EgressApiError('LiveKit refuses the API key: it must be right and may need roomRecord', false, {
        cause,
      });
    case 404:
      return new EgressApiError('LiveKit knows no such room or track', true, { cause });
    case 429:
      return new EgressApiError('LiveKit’s Egress limit is reached', true, { cause });
    default:
      return new EgressApiError(`Egress could not be started (${errorKind(cause)})`, true, { cause });
  }
}
