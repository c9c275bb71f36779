import { isAnswer, type Answer } from '../asking/ask.js';
import { ProbeRoom } from '../asking/probe-room.js';
import { defineCheck } from '../check.js';
import { notReady } from './livekit-gate.js';

export const egressStart = defineCheck({
  id: 'egress-start',
  leg: 'Egress',
  question: 'Does an Egress take the job?',
  findings: {
    started: { state: 'ok', meaning: 'An Egress took the job.' },
    'no-worker': {
      state: 'broken',
      meaning: 'LiveKit answers “no response from servers”: no Egress runs, or none has room.',
      remedy:
        'Start an Egress on the Redis of livekit-server, or more of them; each takes 0.5 core a track by its own reckoning (`track_cpu_cost`) and refuses beyond 80 % of its cores.',
    },
    limit: {
      state: 'broken',
      meaning: 'The account has as many egresses as it may have.',
      remedy:
        'End what others have left running, raise the limit at LiveKit, or set EGRESS_OVERFLOW or AUDIO_SOURCE=participant (docs/sources.md). EGRESS_MAX_CONCURRENT must not exceed the limit.',
    },
    denied: {
      state: 'broken',
      meaning: 'LiveKit does not let us start an egress.',
      remedy: 'Use a key that may record (grant roomRecord).',
    },
    failing: {
      state: 'broken',
      meaning: 'LiveKit could not start it, or gave no answer.',
      remedy: 'Look at the logs of livekit-server and Egress at this moment. The service tries again by itself.',
    },
    'no-room': {
      state: 'unknown',
      meaning: 'The probe room could not be made, so no egress was tried.',
      remedy: 'Give --probe-room the name of a room that is open, or allow rooms to be made (`room.auto_create`).',
    },
  },
  async ofDeployment(deployment) {
    const { config, costly, livekit } = deployment;
    if (!deployment.usesEgress) return { finding: 'not-used' };
    const blocked = await notReady(deployment);
    if (blocked) return blocked;
    if (costly.probeRoom === undefined) return { finding: 'not-asked', facts: { flag: '--probe-room NAME' } };
    const room = await ProbeRoom.open(livekit, costly.probeRoom);
    if (room === undefined) return { finding: 'no-room' };
    try {
      const { path } = deployment.probe.challenge(Date.now());
      const reply = await room.tryEgress(`${config.egress.websocketBaseUrl}${path}`);
      if (!isAnswer(reply)) return { finding: 'failing', facts: { code: reply.code } };
      return { finding: findingOf(reply), facts: { status: reply.status } };
    } finally {
      await room.close();
    }
  },
  ofSession({ tracks }) {
    const carried = tracks.filter(({ source }) => source !== undefined && source !== 'participant');
    if (carried.some(({ state }) => state === 'streaming')) return { finding: 'started' };
    return { finding: 'not-asked' };
  },
});

function findingOf({ status, body }: Answer): 'started' | 'no-worker' | 'limit' | 'denied' | 'failing' {
  if (status === 200) return 'started';
  if (status === 401 || status === 403) return 'denied';
  if (status === 429 || /resource_exhausted/.test(body)) return 'limit';
  return status === 503 || /no response from servers/.test(body) ? 'no-worker' : 'failing';
}
