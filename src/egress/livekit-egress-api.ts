import { AudioChannel, AudioConfig, AudioRoute } from '@livekit/protocol';
import { Injectable } from '@nestjs/common';
import {
  EgressClient,
  EgressStatus,
  MediaSource,
  Output,
  ServerError,
  StartEgressRequest,
  StreamOutput,
  StreamProtocol,
  type EgressInfo,
} from 'livekit-server-sdk';
import { errorKind } from '../logging/error-kind.js';
import {
  EgressApi,
  EgressApiError,
  UNSUPPORTED,
  type EgressEnd,
  type EgressInput,
  type ListedEgress,
} from './egress-api.js';

const ENDS: Partial<Record<EgressStatus, EgressEnd>> = {
  [EgressStatus.EGRESS_COMPLETE]: 'complete',
  [EgressStatus.EGRESS_FAILED]: 'failed',
  [EgressStatus.EGRESS_ABORTED]: 'aborted',
  [EgressStatus.EGRESS_LIMIT_REACHED]: 'limit-reached',
};

@Injectable()
export class LiveKitEgressApi extends EgressApi {
  constructor(private readonly client: EgressClient) {
    super();
  }

  override async start(room: string, input: EgressInput, websocketUrl: string): Promise<string> {
    try {
      return (await this.#start(room, input, websocketUrl)).egressId;
    } catch (error) {
      throw egressApiError(error);
    }
  }

  override async stop(egressId: string): Promise<void> {
    try {
      await this.client.stopEgress(egressId);
    } catch (error) {
      if (!hasEnded(error)) throw egressApiError(error);
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

  async #start(room: string, input: EgressInput, url: string): Promise<EgressInfo> {
    if (input.kind === 'track') return this.client.startTrackEgress(room, url, input.trackSid);
    const stream = new StreamOutput({ protocol: StreamProtocol.WEBSOCKET, urls: [url] });
    return this.client.startEgress(
      new StartEgressRequest({
        roomName: room,
        source: { case: 'media', value: new MediaSource({ audio: audioConfig(input) }) },
        outputs: [new Output({ config: { case: 'stream', value: stream } })],
      }),
    );
  }
}

function audioConfig(input: Exclude<EgressInput, { kind: 'track' }>): AudioConfig {
  if (input.kind === 'room') return new AudioConfig({ captureAll: true });
  return new AudioConfig({
    routes: [route(input.leftSid, AudioChannel.LEFT), route(input.rightSid, AudioChannel.RIGHT)],
  });
}

const route = (trackSid: string, channel: AudioChannel): AudioRoute =>
  new AudioRoute({ match: { case: 'trackId', value: trackSid }, channel });

/** 404: LiveKit no longer knows it; 412: it has ended or is ending. */
const hasEnded = (error: unknown): boolean =>
  error instanceof ServerError && (error.status === 404 || error.code === 'failed_precondition');

/** LiveKit's messages may quote tokens, so none is passed on. A plain 500 or 503 means that no worker is free. */
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

/** An egress as LiveKit reports it, in lists and in webhooks. */
export function listedEgress(info: EgressInfo): ListedEgress {
  const end = ENDS[info.status];
  return { egressId: info.egressId, room: info.roomName, url: urlOf(info), active: end === undefined, end };
}

function urlOf({ request, streamResults }: EgressInfo): string {
  if (request.case === 'track' && request.value.output.case === 'websocketUrl') return request.value.output.value;
  return streamResults[0]?.url ?? (request.case === 'egress' ? requestedUrlOf(request.value) : '');
}

/** The address in the request, where LiveKit reports no state of the stream. */
function requestedUrlOf({ outputs }: StartEgressRequest): string {
  return outputs.flatMap(({ config }) => (config.case === 'stream' ? config.value.urls : []))[0] ?? '';
}
