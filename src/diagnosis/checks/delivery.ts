import { DOCTOR_ROOM_PREFIX } from '../../livekit/doctor-rooms.js';
import { defineCheck } from '../check.js';
import type { Deployment } from '../deployment.js';
import type { LiveKitReply } from '../probes/livekit.js';
import type { SessionSnapshot } from '../session-snapshot.js';

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
    if (!(await deployment.takesKey())) return { finding: 'after-livekit' };
    const reply = await sendSomething(deployment);
    if (reply.kind === 'ok') return { finding: 'granted', facts: { status: 200 } };
    if (reply.kind === 'fault') return { finding: 'failing', facts: { code: reply.code } };
    if (reply.kind === 'unreadable') return { finding: 'failing', facts: { status: 200 } };
    return { finding: refusalFinding(reply), facts: { status: reply.status } };
  },
  ofSession({ delivery: { lastRefusal, lastDeliveredAt, undelivered } }) {
    const facts = { undelivered, ...(lastRefusal && { lastError: lastRefusal.reason, lastErrorAt: lastRefusal.at }) };
    if (lastRefusal && Date.parse(lastRefusal.at) > newest(lastDeliveredAt)) {
      return { finding: lastRefusal.forbidden ? 'denied' : 'failing', facts };
    }
    if (lastDeliveredAt === undefined) return { finding: 'nothing-yet' };
    return { finding: undelivered > 0 ? 'lost' : 'delivers', facts };
  },
});

/** To a room that exists where one may be made; else to one that does not: LiveKit looks at the grant first. */
async function sendSomething({ livekit, config, costly }: Deployment): Promise<LiveKitReply> {
  const { topic } = config.publisher;
  const send = (room: string): Promise<LiveKitReply> => livekit.sendData(room, topic);
  const inRoom =
    costly.probeRoom === undefined
      ? undefined
      : await livekit.inRoom(`${DOCTOR_ROOM_PREFIX}-data`, (room) => send(room.name));
  return inRoom ?? send(DOCTOR_ROOM_PREFIX);
}

/** LiveKit says of a room that does not exist: 404, or that none of its servers responds. */
function refusalFinding({ status, message }: Extract<LiveKitReply, { readonly kind: 'refused' }>) {
  if (status === 404 || /no response from servers|not exist/.test(message)) return 'granted';
  return status === 401 || status === 403 ? 'denied' : 'failing';
}

const newest = (iso: string | undefined): number => (iso === undefined ? 0 : Date.parse(iso));

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
        'Fix the rows above first; then speak for a few seconds and look again. With Egress’s default settings words trail by 3 s and more.',
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

const hasVoice = ({ tracks }: SessionSnapshot): boolean =>
  tracks.some(({ silentForMs }) => silentForMs !== undefined && silentForMs < SPEAKS_NOW_MS);
