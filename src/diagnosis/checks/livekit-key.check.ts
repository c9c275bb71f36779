import { isAnswer, type Answer } from '../asking/ask.js';
import { defineCheck } from '../check.js';

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
    const reply = await deployment.rooms();
    if (!isAnswer(reply) || reply.status >= 500) return { finding: 'after-livekit' };
    if (reply.status === 200) return { finding: 'accepted' };
    return reply.status === 401 ? { finding: reasonOf(reply), facts: factsOf(reply) } : { finding: 'after-livekit' };
  },
});

function reasonOf({ body, clockAheadMs = 0 }: Answer): 'unknown-key' | 'wrong-secret' | 'clock-off' | 'refused' {
  if (/invalid api key/i.test(body)) return 'unknown-key';
  if (/expired|not valid yet|used before issued/i.test(body)) return 'clock-off';
  if (Math.abs(clockAheadMs) > CLOCK_OFF_MS) return 'clock-off';
  return /signature/i.test(body) ? 'wrong-secret' : 'refused';
}

function factsOf({ status, clockAheadMs = 0 }: Answer): Record<string, number> {
  const clockAheadS = Math.round(clockAheadMs / 1000);
  return { status, ...(Math.abs(clockAheadS) > 2 && { clockAheadS }) };
}
