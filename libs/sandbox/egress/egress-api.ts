import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { requireGrant } from '../livekit/bearer-auth.js';
import { LostAnswer, serverError, TwirpError } from '../livekit/twirp-error.js';
import type { TwirpMethod, TwirpService } from '../livekit/twirp-router.js';
import type { EgressFaults } from './egress-faults.js';
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
  return troubled(egress.faults, {
    StartTrackEgress(body, grants) {
      requireGrant(grants.roomRecord);
      return egress.start(readTrackRequest(body));
    },
    StartEgress(body, grants) {
      requireGrant(grants.roomRecord);
      if (egress.faults.oldServer) throw new TwirpError('unimplemented', 'method not implemented');
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
  });
}

/** The same service, as slow and as broken as planned. */
function troubled(faults: EgressFaults, service: TwirpService): TwirpService {
  return Object.fromEntries(
    Object.entries(service).map(([name, method]): [string, TwirpMethod] => [
      name,
      async (body, grants) => {
        if (faults.latencyMs > 0) await wait(faults.latencyMs);
        if (faults.api === 'failing') throw serverError('internal', 'something is broken');
        if (faults.api === 'unavailable') throw serverError('unavailable', 'no response from servers');
        if (faults.api === 'unanswered') throw new LostAnswer();
        return method(body, grants);
      },
    ]),
  );
}
