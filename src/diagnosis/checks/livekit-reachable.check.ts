import { isAnswer } from '../asking/ask.js';
import { defineCheck } from '../check.js';
import { networkFindings } from '../network-findings.js';

export const livekitReachable = defineCheck({
  id: 'livekit-reachable',
  leg: 'LiveKit',
  question: 'Does LiveKit’s server API answer?',
  findings: {
    reachable: { state: 'ok', meaning: 'LiveKit’s server API answers.' },
    ...networkFindings({
      name: 'LiveKit',
      variable: 'LIVEKIT_HTTP_URL (or NEXT_PUBLIC_LIVEKIT_URL, from which it is derived)',
      whenRefused:
        'Start livekit-server, or mend the port: a livekit-server of your own listens at 7880, LiveKit Cloud at 443. In a container `localhost` is the container itself.',
    }),
    'not-livekit': {
      state: 'broken',
      meaning: 'Something answers, and it is not LiveKit’s API.',
      remedy:
        'Set LIVEKIT_HTTP_URL to the address of LiveKit itself, without a path; a proxy must pass on `/twirp/`. A redirect counts as wrong: name its target.',
    },
    failing: {
      state: 'broken',
      meaning: 'LiveKit, or a proxy before it, answers with a server fault.',
      remedy:
        'Look at livekit-server and at its Redis; with LiveKit Cloud at status.livekit.io. The service goes on by itself when it is well.',
    },
  },
  async ofDeployment(deployment) {
    const reply = await deployment.rooms();
    if (!isAnswer(reply)) return { finding: reply.fault, facts: { code: reply.code } };
    const facts = { status: reply.status };
    if (reply.status >= 500) return { finding: 'failing', facts };
    return { finding: reply.status === 401 || isRoomList(reply) ? 'reachable' : 'not-livekit', facts };
  },
});

function isRoomList({ status, body }: { readonly status: number; readonly body: string }): boolean {
  return status === 200 && body.trimStart().startsWith('{');
}
