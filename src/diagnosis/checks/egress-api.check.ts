import { isAnswer } from '../asking/ask.js';
import { defineCheck } from '../check.js';
import { notReady } from './livekit-gate.js';

export const egressApi = defineCheck({
  id: 'egress-api',
  leg: 'Egress',
  question: 'Does LiveKit have an Egress, and may we use it?',
  findings: {
    there: { state: 'ok', meaning: 'The Egress API answers and takes our grant (roomRecord).' },
    'no-redis': {
      state: 'broken',
      meaning: 'This livekit-server runs without Redis, so that no Egress can join it.',
      remedy:
        'Give livekit-server and an Egress the same Redis (`redis.address` in both configurations), or set AUDIO_SOURCE=participant, which needs no Egress.',
    },
    denied: {
      state: 'broken',
      meaning: 'LiveKit takes the key, and refuses it the use of Egress.',
      remedy: 'Use a key that may record (grant roomRecord); with LiveKit Cloud look whether the plan has Egress.',
    },
    absent: {
      state: 'broken',
      meaning: 'There is no Egress API at this address.',
      remedy: 'Update livekit-server, or let the proxy pass `/twirp/livekit.Egress/` on.',
    },
    failing: {
      state: 'broken',
      meaning: 'The Egress API answers with a fault, or not at all.',
      remedy: 'Look at the logs of livekit-server and of its Redis. Streams that run go on; new ones are tried again.',
    },
  },
  async ofDeployment(deployment) {
    if (!deployment.usesEgress) return { finding: 'not-used' };
    const blocked = await notReady(deployment);
    if (blocked) return blocked;
    const reply = await deployment.livekit.call('Egress', 'ListEgress', { roomRecord: true }, { active: true });
    if (!isAnswer(reply)) return { finding: 'failing', facts: { code: reply.code } };
    const facts = { status: reply.status };
    if (reply.status === 200) return { finding: 'there' };
    if (/redis|egress not connected/i.test(reply.body)) return { finding: 'no-redis', facts };
    if (reply.status === 401 || reply.status === 403) return { finding: 'denied', facts };
    return { finding: reply.status === 404 || reply.status === 501 ? 'absent' : 'failing', facts };
  },
});
