import { defineCheck, type Outcome } from '../check.js';
import type { LiveKitReply } from '../probes/livekit.js';

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
    if (!(await deployment.takesKey())) return { finding: 'after-livekit' };
    const reply = await deployment.livekit.listEgresses();
    if (reply.kind === 'ok') return { finding: 'there' };
    if (reply.kind === 'fault') return { finding: 'failing', facts: { code: reply.code } };
    if (reply.kind === 'unreadable') return { finding: 'failing', facts: { status: 200 } };
    const facts = { status: reply.status };
    if (/redis|egress not connected/i.test(reply.message)) return { finding: 'no-redis', facts };
    if (reply.status === 401 || reply.status === 403) return { finding: 'denied', facts };
    return { finding: reply.status === 404 || reply.status === 501 ? 'absent' : 'failing', facts };
  },
});

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
    if (!(await deployment.takesKey())) return { finding: 'after-livekit' };
    if (costly.probeRoom === undefined) return { finding: 'not-asked', facts: { flag: '--probe-room NAME' } };
    const { path } = deployment.reachProbe.challenge(Date.now());
    const url = `${config.egress.websocketBaseUrl}${path}`;
    const reply = await livekit.inRoom(costly.probeRoom, (room) => livekit.tryEgress(room, url));
    return reply === undefined ? { finding: 'no-room' } : startOutcome(reply);
  },
  ofSession({ tracks }) {
    const byEgress = tracks.filter(({ source }) => source !== undefined && source !== 'participant');
    return { finding: byEgress.some(({ reception }) => reception?.state === 'streaming') ? 'started' : 'not-asked' };
  },
});

function startOutcome(reply: LiveKitReply): Outcome<'started' | 'no-worker' | 'limit' | 'denied' | 'failing'> {
  if (reply.kind === 'ok') return { finding: 'started', facts: { status: 200 } };
  if (reply.kind === 'fault') return { finding: 'failing', facts: { code: reply.code } };
  if (reply.kind === 'unreadable') return { finding: 'failing', facts: { status: 200 } };
  const { status, message } = reply;
  const facts = { status };
  if (status === 401 || status === 403) return { finding: 'denied', facts };
  if (status === 429 || /resource_exhausted/.test(message)) return { finding: 'limit', facts };
  const isWithoutWorker = status === 503 || /no response from servers/.test(message);
  return { finding: isWithoutWorker ? 'no-worker' : 'failing', facts };
}
