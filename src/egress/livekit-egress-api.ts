import { AudioChannel, AudioConfig, AudioRoute } from '@livekit/protocol';
import { Injectable } from '@nestjs/common';
import {
  EgressClient,
  MediaSource,
  Output,
  ServerError,
  StartEgressRequest,
  StreamOutput,
  StreamProtocol,
  type EgressInfo,
} from 'livekit-server-sdk';
import { errorKind } from '../logging/error-kind.js';
import { EgressApi, EgressApiError, type EgressInput, type ListedEgress } from './egress-api.js';
import { UNSUPPORTED } from './egress-reasons.js';
import { listedEgress } from './listed-egress.js';

@Injectable()
export class LiveKitEgressApi extends EgressApi {
  constructor(private readonly client: EgressClient) {
    super();
  }

  override async start(room: string, cargo: EgressInput, websocketUrl: string): Promise<string> {
    try {
      return (await this.#start(room, cargo, websocketUrl)).egressId;
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

  override async listActive(room?: string): Promise<ListedEgress[]> {
    try {
      const infos = await this.client.listEgress({ active: true, ...(room !== undefined && { roomName: room }) });
      return infos.map(listedEgress).filter(({ active }) => active);
    } catch (error) {
      throw egressApiError(error);
    }
  }

  async #start(room: string, cargo: EgressInput, url: string): Promise<EgressInfo> {
    if (cargo.kind === 'track') return this.client.startTrackEgress(room, url, cargo.trackSid);
    const stream = new StreamOutput({ protocol: StreamProtocol.WEBSOCKET, urls: [url] });
    return this.client.startEgress(
      new StartEgressRequest({
        roomName: room,
        source: { case: 'media', value: new MediaSource({ audio: audioOf(cargo) }) },
        outputs: [new Output({ config: { case: 'stream', value: stream } })],
      }),
    );
  }
}

function audioOf(cargo: Exclude<EgressInput, { kind: 'track' }>): AudioConfig {
  if (cargo.kind === 'room') return new AudioConfig({ captureAll: true });
  return new AudioConfig({
    routes: [route(cargo.leftSid, AudioChannel.LEFT), route(cargo.rightSid, AudioChannel.RIGHT)],
  });
}

const route = (trackSid: string, channel: AudioChannel): AudioRoute =>
  new AudioRoute({ match: { case: 'trackId', value: trackSid }, channel });

/** 404: unknown by now; 412: it has ended or is ending. */
const isOver = (error: unknown): boolean =>
  error instanceof ServerError && (error.status === 404 || error.code === 'failed_precondition');

/** LiveKit's messages quote tokens, so what is passed on is made here. A plain 500 or 503 means: no worker now. */
function egressApiError(cause: unknown): EgressApiError {
  if (!(cause instanceof ServerError)) {
    return new EgressApiError(`LiveKit’s API does not answer (${errorKind(cause)})`, 'unanswered', { cause });
  }
  if (cause.code === 'unimplemented' || cause.code === 'bad_route' || cause.status === 501) {
    return new EgressApiError(UNSUPPORTED, 'unsupported', { cause });
  }
  if (cause.status === 429 || cause.code === 'resource_exhausted') {
    return new EgressApiError('LiveKit’s Egress limit is reached', 'limit', { cause });
  }
  if (cause.status === 401 || cause.status === 403) {
    const reason = 'LiveKit refuses the API key: it must be right and may need roomRecord';
    return new EgressApiError(reason, 'refused', { cause });
  }
  if (cause.status === 404) return new EgressApiError('LiveKit knows no such room or track', 'not-found', { cause });
  return new EgressApiError(`Egress could not be started (${errorKind(cause)})`, 'outage', { cause });
}
