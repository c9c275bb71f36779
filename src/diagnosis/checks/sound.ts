import { defineCheck, worstOf, type Check, type Facts, type Outcome } from '../check.js';
import { EGRESS_RATE_HZ, isOffRate, type TrackSnapshot } from '../session-snapshot.js';

const QUIET_AFTER_MS = 30_000;

type Sound =
  | 'arrives'
  | 'muted'
  | 'quiet'
  | 'wrong-rate'
  | 'stalled'
  | 'no-socket'
  | 'waits-for-slot'
  | 'failed'
  | 'restarting'
  | 'starting'
  | 'not-carried'
  | 'no-track';

export const sound: Check<Sound> = defineCheck<Sound>({
  id: 'sound',
  leg: 'sound',
  question: 'Does the sound of each track arrive, and at its rate?',
  findings: {
    arrives: { state: 'ok', meaning: 'Sound arrives, and at the rate that is expected.' },
    muted: { state: 'ok', meaning: 'Sound arrives; the microphone is muted.' },
    quiet: {
      state: 'unknown',
      meaning: 'Sound arrives, and for half a minute there has been no voice in it.',
      remedy:
        'Speak. If it stays: the wrong microphone is chosen, or the browser has no right to it; look at the level in the app.',
    },
    'wrong-rate': {
      state: 'broken',
      meaning:
        'Sound arrives at another rate than 48,000 samples a second in two channels: it would be too fast, too slow, or torn.',
      remedy:
        'Egress always sends S16LE, 48 kHz, stereo. About half: somebody sends mono. Steadily less: Egress has too little processor, or the network too little room (1.6 Mbit/s a track).',
    },
    stalled: {
      state: 'broken',
      meaning: 'The socket is open, and nothing comes. A live Egress never pauses, not even muted.',
      remedy:
        'It is dropped after 10 s and started again. If it comes again look at the processor of Egress, and at a proxy that buffers.',
    },
    'no-socket': {
      state: 'broken',
      meaning: 'Egress was started, and did not dial us.',
      remedy:
        'See the row `egress-address`; run the doctor on the host or in the pod network of Egress, too. Its own log says why a dial fails.',
    },
    'waits-for-slot': {
      state: 'broken',
      meaning: 'All EGRESS_MAX_CONCURRENT slots are taken, so this track waits and is not transcribed.',
      remedy:
        'Raise EGRESS_MAX_CONCURRENT as far as the account allows (LiveKit Cloud’s free plan 2, paid 100), or let more people share: EGRESS_OVERFLOW=pair,participant (docs/sources.md).',
    },
    failed: {
      state: 'broken',
      meaning: 'Nothing can carry this track, for the reason that is shown.',
      remedy:
        'Fix the reason: a refused key is the row `livekit-key`; a full account is `egress-start`; joining rooms needs `@livekit/rtc-node`.',
    },
    restarting: {
      state: 'broken',
      meaning:
        'The stream of this track was lost, or never began, and is being started again, for the reason that is shown.',
      remedy:
        'It is tried again by itself. If it stays, see the rows `egress-api`, `egress-start` and `egress-address`.',
    },
    starting: {
      state: 'unknown',
      meaning: 'The stream is being started.',
      remedy: 'Look again in a few seconds: Egress takes 0.5 to 4 s.',
    },
    'not-carried': {
      state: 'skipped',
      meaning: 'This track is not for the server to hear now.',
      remedy:
        'SERVER_TRANSCRIPTION says which rooms the server hears; with `fallback` only tracks whose browser sends nothing (docs/hybrid.md).',
    },
    'no-track': {
      state: 'skipped',
      meaning: 'Nobody in the room has a microphone that is to be transcribed.',
      remedy:
        'Publish one. If there is one: TRANSCRIBE_SOURCES names which tracks count (microphone), TRANSCRIBE_KINDS whose (standard, sip); agents and Egress never count.',
    },
  },
  ofSession({ tracks }) {
    return worstOf(sound, tracks.map(ofTrack)) ?? { finding: 'no-track' };
  },
});

function ofTrack(track: TrackSnapshot): Outcome<Sound> {
  return { finding: findingOf(track), facts: factsOf(track) };
}

function findingOf(track: TrackSnapshot): Sound {
  const { reception } = track;
  switch (reception?.state) {
    case 'streaming':
    case 'draining':
      return streamFinding(track);
    case 'waiting-for-egress-slot':
      return 'waits-for-slot';
    case 'failed':
      return 'failed';
    case 'restarting':
      return reception.noSocket ? 'no-socket' : 'restarting';
    case 'starting':
    case 'ended':
      return 'starting';
    case undefined:
      return 'not-carried';
  }
}

function streamFinding({ rate, muted, silentForMs }: TrackSnapshot): Sound {
  if (rate?.framesPerS === 0) return 'stalled';
  if (rate !== undefined && isOffRate(rate)) return 'wrong-rate';
  if (muted) return 'muted';
  return silentForMs !== undefined && silentForMs > QUIET_AFTER_MS ? 'quiet' : 'arrives';
}

function factsOf({ trackSid, source, reception, rate, silentForMs }: TrackSnapshot): Facts {
  return {
    trackSid,
    hasSocket: rate !== undefined,
    ...(reception && { trackState: reception.state }),
    ...(source !== undefined && { source }),
    ...(reception?.reason !== undefined && { reason: reception.reason }),
    ...(rate && { framesPerS: rate.framesPerS }),
    ...(rate?.rateHz !== undefined && { rateHz: rate.rateHz, expectedHz: EGRESS_RATE_HZ }),
    ...(silentForMs !== undefined && { silentForS: Math.round(silentForMs / 1000) }),
  };
}
