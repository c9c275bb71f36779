import { defineCheck } from '../check.js';
import type { SessionFacts } from '../session-facts.js';

/** Egress trails by three seconds with its default settings, and Gladia's first partial by one or two. */
const WORDS_WITHIN_MS = 20_000;
const SPEAKS_NOW_MS = 5_000;

export const firstTranscript = defineCheck({
  id: 'first-transcript',
  leg: 'words to the room',
  question: 'Have the first words gone out?',
  findings: {
    out: { state: 'ok', meaning: 'Words have gone out to the room.' },
    'not-sent': {
      state: 'broken',
      meaning: 'There are words, and LiveKit took none of them.',
      remedy: 'See the row `data-channel`. They are kept: `GET /sessions/{id}/transcript` has them.',
    },
    'no-words': {
      state: 'broken',
      meaning: 'Somebody speaks, Gladia takes the sound, and no word has come back.',
      remedy:
        'Is it the language that TRANSCRIPTION_LANGUAGES (or the session) names? Empty means: detected. Look at CONFIDENCE_MIN_FINAL, MIN_UTTERANCE_MS and GLADIA_SPEECH_THRESHOLD: the defaults hide nothing.',
    },
    'not-yet': {
      state: 'unknown',
      meaning: 'No words yet, and what comes before them is not all well, or not for long.',
      remedy:
        'Mend the rows above first; then speak for a few seconds and look again. With Egress’s default settings words trail by 3 s and more.',
    },
    'nobody-spoke': { state: 'skipped', meaning: 'Nobody has spoken yet.', remedy: 'Speak, and look again.' },
  },
  ofSession(session) {
    const { delivery, words } = session;
    const facts = { ...(words.firstAt !== undefined && { firstWordsAt: words.firstAt }) };
    if (delivery.firstTranscriptAt !== undefined) {
      return {
        finding: 'out',
        facts: { firstOutAt: delivery.firstTranscriptAt, ...(words.lastAt && { lastWordsAt: words.lastAt }) },
      };
    }
    if (words.firstAt !== undefined) return { finding: delivery.lastRefusal ? 'not-sent' : 'not-yet', facts };
    if (!hasVoice(session)) return { finding: 'nobody-spoke' };
    return { finding: session.gladia.state === 'live' && session.liveForMs > WORDS_WITHIN_MS ? 'no-words' : 'not-yet' };
  },
});

const hasVoice = ({ tracks }: SessionFacts): boolean =>
  tracks.some(({ silentForMs }) => silentForMs !== undefined && silentForMs < SPEAKS_NOW_MS);
