import type { Check } from './check.js';
import { dataChannel } from './checks/data-channel.check.js';
import { egressAddress } from './checks/egress-address.check.js';
import { egressApi } from './checks/egress-api.check.js';
import { egressStart } from './checks/egress-start.check.js';
import { firstTranscript } from './checks/first-transcript.check.js';
import { gladiaKey } from './checks/gladia-key.check.js';
import { gladiaSession } from './checks/gladia-session.check.js';
import { gladiaSlot } from './checks/gladia-slot.check.js';
import { livekitKey } from './checks/livekit-key.check.js';
import { livekitReachable } from './checks/livekit-reachable.check.js';
import { service } from './checks/service.check.js';
import { sound } from './checks/sound.check.js';
import { variables } from './checks/variables.check.js';
import { webhooks } from './checks/webhooks.check.js';

/**
 * The table: every row of the troubleshooting, in the order in which sound becomes words, so that the first broken one is
 * the one to mend. The doctor, `GET /sessions/{id}/diagnosis` and docs/troubleshooting.md are all made from it.
 */
export const CHECKS: readonly Check[] = [
  variables,
  service,
  livekitReachable,
  livekitKey,
  webhooks,
  egressApi,
  egressStart,
  egressAddress,
  sound,
  gladiaKey,
  gladiaSlot,
  gladiaSession,
  dataChannel,
  firstTranscript,
];
