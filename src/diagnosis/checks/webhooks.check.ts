import { defineCheck, type Facts } from '../check.js';
import type { SessionFacts } from '../session-facts.js';

/** A room in which there is a track has sent several webhooks by then. */
const COME_WITHIN_MS = 15_000;
/** Anybody may post nonsense; only where nothing good has come for so long is it taken for LiveKit's. */
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
    const { acceptedAtUnixMs: accepted, refusedAtUnixMs: refused } = session.webhooks;
    if (refused !== undefined && refused - (accepted ?? -Infinity) > NONE_GOOD_FOR_MS)
      return { finding: 'refused', facts: at('lastRefusedAt', refused) };
    if (accepted !== undefined) return { finding: 'come', facts: at('lastAt', accepted) };
    if (!session.startsByWebhook) return { finding: 'not-needed' };
    return { finding: mustHaveCome(session) ? 'never' : 'not-yet' };
  },
});

const mustHaveCome = ({ liveForMs, tracks }: SessionFacts): boolean => liveForMs > COME_WITHIN_MS && tracks.length > 0;

const at = (key: string, unixMs: number): Facts => ({ [key]: new Date(unixMs).toISOString() });
