import { EgressStatus, type EgressInfo, type StartEgressRequest } from 'livekit-server-sdk';
import type { EgressEnd, ListedEgress } from './egress-api.js';

const ENDS: Partial<Record<EgressStatus, EgressEnd>> = {
  [EgressStatus.EGRESS_COMPLETE]: 'complete',
  [EgressStatus.EGRESS_FAILED]: 'failed',
  [EgressStatus.EGRESS_ABORTED]: 'aborted',
  [EgressStatus.EGRESS_LIMIT_REACHED]: 'limit-reached',
};

/** LiveKit's account of an egress, in lists and webhooks, reduced to what matters here. */
export function listedEgress(info: EgressInfo): ListedEgress {
  const end = ENDS[info.status];
  return { egressId: info.egressId, room: info.roomName, url: urlOf(info), active: end === undefined, end };
}

function urlOf({ request, streamResults }: EgressInfo): string {
  if (request.case === 'track' && request.value.output.case === 'websocketUrl') return request.value.output.value;
  return streamResults[0]?.url ?? (request.case === 'egress' ? streamUrlOf(request.value) : '');
}

/** Of a request for media, where LiveKit does not say how its stream does. */
function streamUrlOf({ outputs }: StartEgressRequest): string {
  return outputs.flatMap(({ config }) => (config.case === 'stream' ? config.value.urls : []))[0] ?? '';
}
