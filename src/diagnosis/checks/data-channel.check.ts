import { isAnswer, type Answer } from '../asking/ask.js';
import { ProbeRoom, sendProbe } from '../asking/probe-room.js';
import { defineCheck } from '../check.js';
import type { Deployment } from '../deployment.js';
import { DOCTOR_ROOM_PREFIX } from '../../livekit/doctor-rooms.js';
import type { Fault } from '../asking/network-fault.js';
import { notReady } from './livekit-gate.js';

export const dataChannel = defineCheck({
  id: 'data-channel',
  leg: 'words to the room',
  question: 'May we send data to rooms (canPublishData)?',
  findings: {
    granted: {
      state: 'ok',
      meaning:
        'LiveKit takes data packets of the server API with our key. Nobody else needs canPublishData for captions: not the listeners, and not our participant where AUDIO_SOURCE=participant.',
    },
    denied: {
      state: 'broken',
      meaning: 'LiveKit takes the key, and refuses it data packets.',
      remedy:
        'Use a key that may administer rooms (grant roomAdmin), and let the proxy pass `/twirp/livekit.RoomService/SendData` on.',
    },
    failing: {
      state: 'broken',
      meaning: 'LiveKit does not take data packets now.',
      remedy:
        'Look at livekit-server’s log. Finals are tried again for three minutes; what is lost has a number, and listeners fetch it (docs/protocol.md).',
    },
    lost: {
      state: 'unknown',
      meaning: 'Data packets go out now, and some were given up earlier in this session.',
      remedy: 'Listeners see the hole in `seq` and fetch `GET /sessions/{id}/transcript?after={seq}`.',
    },
    delivers: { state: 'ok', meaning: 'LiveKit takes the data packets of this session.' },
    'nothing-yet': { state: 'skipped', meaning: 'Nothing was to be sent in this session yet.' },
  },
  async ofDeployment(deployment) {
    const blocked = await notReady(deployment);
    if (blocked) return blocked;
    const reply = await sendSomething(deployment);
    if (!isAnswer(reply)) return { finding: 'failing', facts: { code: reply.code } };
    return { finding: findingOf(reply), facts: { status: reply.status } };
  },
  ofSession({ delivery: { lastRefusal, lastDeliveredAt, undelivered } }) {
    const facts = { undelivered, ...(lastRefusal && { lastError: lastRefusal.reason, lastErrorAt: lastRefusal.at }) };
    if (lastRefusal && Date.parse(lastRefusal.at) > newest(lastDeliveredAt)) {
      return { finding: / 40[13]/.test(lastRefusal.reason) ? 'denied' : 'failing', facts };
    }
    if (lastDeliveredAt === undefined) return { finding: 'nothing-yet' };
    return { finding: undelivered > 0 ? 'lost' : 'delivers', facts };
  },
});

/** To a room that exists where one may be made; else to one that does not: the grant is looked at first. */
async function sendSomething({ livekit, config, costly }: Deployment): Promise<Answer | Fault> {
  const { topic } = config.publisher;
  const room = costly.probeRoom === undefined ? undefined : await ProbeRoom.open(livekit, `${DOCTOR_ROOM_PREFIX}-data`);
  if (room === undefined) return sendProbe(livekit, DOCTOR_ROOM_PREFIX, topic);
  try {
    return await room.trySendData(topic);
  } finally {
    await room.close();
  }
}

/** LiveKit says of a room that does not exist: 404, or that no server of its answers. */
function findingOf({ status, body }: Answer): 'granted' | 'denied' | 'failing' {
  if (status === 200 || status === 404 || /no response from servers|not exist/.test(body)) return 'granted';
  return status === 401 || status === 403 ? 'denied' : 'failing';
}

const newest = (iso: string | undefined): number => (iso === undefined ? 0 : Date.parse(iso));
