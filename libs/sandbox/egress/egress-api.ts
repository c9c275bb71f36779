import { z } from 'zod';
import { requireGrant } from '../livekit/bearer-auth.js';
import type { TwirpService } from '../livekit/twirp-router.js';
import { readStartRequest, readTrackRequest } from './egress-request.js';
import type { EgressService } from './egress-service.js';

const stopRequest = z.object({ egressId: z.string() });
const blankAsAbsent = z.string().transform((text) => (text === '' ? undefined : text));
const listRequest = z.object({
  roomName: blankAsAbsent.optional(),
  egressId: blankAsAbsent.optional(),
  active: z.boolean().optional(),
});

/** LiveKit's Egress service, as far as audio over WebSockets goes. */
export function egressApi(egress: EgressService): TwirpService {
  return {
    StartTrackEgress(body, grants) {
      requireGrant(grants.roomRecord);
      return egress.start(readTrackRequest(body));
    },
    StartEgress(body, grants) {
      requireGrant(grants.roomRecord);
      return egress.start(readStartRequest(body));
    },
    StopEgress(body, grants) {
      requireGrant(grants.roomRecord);
      return egress.stop(stopRequest.parse(body).egressId);
    },
    ListEgress(body, grants) {
      requireGrant(grants.roomRecord);
      return { items: egress.list(listRequest.parse(body)) };
    },
  };
}
