import type { LeftOutReason } from '../../events/domain-events.js';
import { defineCheck, worstOf, type Check } from '../check.js';

type LeftOut = 'none' | 'kind' | 'source' | 'opted-out' | 'encrypted';

const FINDINGS: Readonly<Record<LeftOutReason, LeftOut>> = {
  kind: 'kind',
  source: 'source',
  opted_out: 'opted-out',
  encrypted: 'encrypted',
};

export const leftOut: Check<LeftOut> = defineCheck<LeftOut>({
  id: 'left-out',
  leg: 'sound',
  question: 'Is every audio track of the room transcribed?',
  findings: {
    none: { state: 'ok', meaning: 'No audio track of the room is left out.' },
    'opted-out': {
      state: 'ok',
      meaning: 'The participant does not want to be transcribed (attribute roomscribe.transcribe=off).',
    },
    source: {
      state: 'unknown',
      meaning: 'The track was published as something that TRANSCRIBE_SOURCES does not name.',
      remedy: 'Publish it as a microphone, or add its source (screen_share_audio, unknown) to TRANSCRIBE_SOURCES.',
    },
    kind: {
      state: 'unknown',
      meaning: 'The participant is of a kind that TRANSCRIBE_KINDS does not name.',
      remedy: 'Add the kind to TRANSCRIBE_KINDS: standard, sip, ingress, connector (WhatsApp, Twilio) or bridge.',
    },
    encrypted: {
      state: 'broken',
      meaning: 'The track is encrypted end to end: without the key the server receives noise.',
      remedy:
        'Publish without end-to-end encryption in rooms that are to be transcribed, or let browsers transcribe (docs/hybrid.md).',
    },
  },
  ofSession({ leftOut: tracks }) {
    const outcomes = tracks.map(({ trackSid, reason }) => ({ finding: FINDINGS[reason], facts: { trackSid, reason } }));
    return worstOf(leftOut, outcomes) ?? { finding: 'none' };
  },
});
