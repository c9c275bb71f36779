import { defineCheck, type Facts } from '../check.js';
import type { LiveKitReply } from '../probes/livekit.js';
import type { SessionSnapshot } from '../session-snapshot.js';
import { networkFindings } from './network.js';

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
        'Start livekit-server, or correct the port: a livekit-server of your own listens at 7880, LiveKit Cloud at 443. In a container `localhost` is the container itself.',
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
    const reply = await deployment.livekit.listRooms();
    if (reply.kind === 'fault') return { finding: reply.fault, facts: { code: reply.code } };
    if (reply.kind === 'ok') return { finding: 'reachable', facts: { status: 200 } };
    if (reply.kind === 'unreadable') return { finding: 'not-livekit', facts: { status: 200 } };
    const facts = { status: reply.status };
    if (reply.status >= 500) return { finding: 'failing', facts };
    return { finding: reply.status === 401 ? 'reachable' : 'not-livekit', facts };
  },
});

/** LiveKit's tokens are good from now on, so that a clock which is late by more than a minute's grace spoils them. */
const CLOCK_OFF_MS = 30_000;

export const livekitKey = defineCheck({
  id: 'livekit-key',
  leg: 'LiveKit',
  question: 'Does LiveKit take the API key and the secret?',
  findings: {
    accepted: { state: 'ok', meaning: 'LiveKit takes the key and the secret.' },
    'unknown-key': {
      state: 'broken',
      meaning: 'LiveKit does not know LIVEKIT_API_KEY.',
      remedy:
        'Take key and secret of the very project that NEXT_PUBLIC_LIVEKIT_URL names; on a server of your own, one of `keys` in its configuration.',
    },
    'wrong-secret': {
      state: 'broken',
      meaning: 'LiveKit knows the key, and the secret does not belong to it.',
      remedy:
        'Copy LIVEKIT_API_SECRET again, without spaces or quotes around it; a secret is shown once, so make a new pair where it is lost.',
    },
    'clock-off': {
      state: 'broken',
      meaning: 'The clock of this host and LiveKit’s differ so much that our tokens are not valid there.',
      remedy: 'Set the clock of this host by NTP (`timedatectl`), or that of livekit-server.',
    },
    refused: {
      state: 'broken',
      meaning: 'LiveKit, or a proxy before it, refuses our token.',
      remedy: 'Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET, and that a proxy passes the Authorization header on.',
    },
  },
  async ofDeployment(deployment) {
    const reply = await deployment.livekit.listRooms();
    if (reply.kind === 'ok') return { finding: 'accepted' };
    if (reply.kind !== 'refused' || reply.status !== 401) return { finding: 'after-livekit' };
    return { finding: keyProblem(reply), facts: clockFacts(reply) };
  },
});

type Refused = Extract<LiveKitReply, { readonly kind: 'refused' }>;

function keyProblem({ message, clockAheadMs = 0 }: Refused): 'unknown-key' | 'wrong-secret' | 'clock-off' | 'refused' {
  if (/invalid api key/i.test(message)) return 'unknown-key';
  if (/expired|not valid yet|used before issued/i.test(message)) return 'clock-off';
  if (Math.abs(clockAheadMs) > CLOCK_OFF_MS) return 'clock-off';
  return /signature/i.test(message) ? 'wrong-secret' : 'refused';
}

function clockFacts({ status, clockAheadMs = 0 }: Refused): Record<string, number> {
  const clockAheadS = Math.round(clockAheadMs / 1000);
  return { status, ...(Math.abs(clockAheadS) > 2 && { clockAheadS }) };
}

/** A room in which there is a track has sent several webhooks by then. */
const COME_WITHIN_MS = 15_000;
/** Anybody may post here; only where nothing good has come for so long is it taken for LiveKit's. */
const NONE_GOOD_FOR_MS = 60_000;

export const webhooks = defineCheck({
  id: 'webhooks',
  leg: 'LiveKit to this service',
  question: 'Do LiveKit’s webhooks come?',
  findings: {
    come: { state: 'ok', meaning: 'LiveKit’s webhooks come, signed with our key.' },
    refused: {
      state: 'broken',
      meaning:
        'Webhooks come, and their signature does not fit: they are signed with another key, or the body is changed on the way.',
      remedy:
        'Let LiveKit sign with LIVEKIT_API_KEY (`webhook.api_key` in livekit-server’s configuration, the signing key in LiveKit Cloud), and let the proxy leave the body as it is.',
    },
    clock: {
      state: 'broken',
      meaning:
        'Webhooks come, signed with our key, and their tokens are not valid at this time: the clocks of LiveKit and of this host differ by more than a minute.',
      remedy: 'Synchronise the clocks of both hosts (NTP).',
    },
    never: {
      state: 'broken',
      meaning:
        'No webhook has ever come since this service started. Rooms are listed every SESSION_RECONCILE_S instead, so all begins later.',
      remedy:
        'Add `https://this-host/livekit/webhook` to `webhook.urls` in livekit-server’s configuration, or under Settings, Webhooks in LiveKit Cloud.',
    },
    'not-yet': {
      state: 'unknown',
      meaning: 'No webhook has come yet, and the session is young.',
      remedy: 'Look again in half a minute.',
    },
    'not-needed': {
      state: 'skipped',
      meaning: 'No webhook has come, and with AUTO_START=off none is needed: a room is only listed later.',
    },
  },
  ofSession(session) {
    const { acceptedAtUnixMs: accepted, refusedAtUnixMs: refused, refusedForItsTime } = session.webhooks;
    if (refused !== undefined && refused - (accepted ?? -Infinity) > NONE_GOOD_FOR_MS)
      return { finding: refusedForItsTime === true ? 'clock' : 'refused', facts: at('lastRefusedAt', refused) };
    if (accepted !== undefined) return { finding: 'come', facts: at('lastAt', accepted) };
    if (!session.startsByWebhook) return { finding: 'not-needed' };
    return { finding: mustHaveCome(session) ? 'never' : 'not-yet' };
  },
});

const mustHaveCome = ({ liveForMs, tracks }: SessionSnapshot): boolean =>
  liveForMs > COME_WITHIN_MS && tracks.length > 0;

const at = (key: string, unixMs: number): Facts => ({ [key]: new Date(unixMs).toISOString() });
