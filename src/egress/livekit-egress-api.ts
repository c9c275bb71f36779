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
import { ApiBudget } from '../livekit/api-budget.js';
import { listEgressPages } from '../livekit/egress-pages.js';
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
  constructor(
    private readonly client: EgressClient,
    private readonly budget: ApiBudget,
  ) {
    super();
  }

  override async start(room: string, input: EgressInput, websocketUrl: string): Promise<string> {
    await this.budget.ready();
    try {
      return (await this.#start(room, input, websocketUrl)).egressId;
    } catch (error) {
      throw egressApiError(error, this.budget.pauseMs > 0);
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
      const infos = await listEgressPages(this.client, { active: true, ...(room !== undefined && { roomName: room }) });
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

/** How a 429 of the API's rate limit differs from one of the limit of egresses, where it has no `Retry-After`. */
const RATE_LIMIT = /\brate\b|too many requests/i;

/**
 * LiveKit's messages may quote tokens, so none is passed on. A plain 500 or 503 means that no worker is free.
 *
 * @param paused whether LiveKit has asked for a pause
 */
function egressApiError(cause: unknown, paused = false): EgressApiError {
  if (!(cause instanceof ServerError)) {
    return new EgressApiError(`LiveKit’s API does not answer (${errorKind(cause)})`, 'unanswered', { cause });
  }
  if (cause.code === 'unimplemented' || cause.code === 'bad_route' || cause.status === 501) {
    return new EgressApiError(UNSUPPORTED, 'unsupported', { cause });
  }
  if (cause.status === 429 || cause.code === 'resource_exhausted') {
    if (paused || RATE_LIMIT.test(cause.message)) {
      return new EgressApiError('LiveKit’s limit of API requests is reached', 'rate-limited', { cause });
    }
    return new EgressApiError('LiveKit’s Egress limit is reached', 'limit', { cause });
  }
  if (cause.status === 401 || cause.status === 403) {
    const reason = 'LiveKit refuses the API key: it must be right and may need roomRecord';
    return new EgressApiError(reason, 'refused', { cause });
  }
  if (cause.status === 404) return new EgressApiError('LiveKit knows no such room or track', 'not-found', { cause });
  const isOutage = cause.status >= 500 || cause.status === 408;
  return isOutage
    ? new EgressApiError(`Egress could not be started (${errorKind(cause)})`, 'outage', { cause })
    : new EgressApiError(`LiveKit rejects this egress (${errorKind(cause)})`, 'rejected', { cause });
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
