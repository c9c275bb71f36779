import type { LiveSessionTry } from '../../gladia/gladia-probe.js';
import { defineCheck, type Outcome } from '../check.js';
import { networkFault } from '../probes/network-fault.js';
import { networkFindings } from './network.js';

export const gladiaKey = defineCheck({
  id: 'gladia-key',
  leg: 'Gladia',
  question: 'Does Gladia answer and take the key?',
  findings: {
    accepted: { state: 'ok', meaning: 'Gladia answers and takes the key.' },
    refused: {
      state: 'broken',
      meaning: 'Gladia does not know GLADIA_API_KEY.',
      remedy: 'Copy the key again from the Gladia dashboard (API keys), without spaces or quotes around it.',
    },
    plan: {
      state: 'broken',
      meaning: 'Gladia knows the key, and its plan or rights do not allow live transcription here.',
      remedy:
        'Look at plan, quota (10 hours a month with a free one) and region of the account; GLADIA_REGION may be left empty.',
    },
    'not-gladia': {
      state: 'broken',
      meaning: 'Something answers, and it is not Gladia’s live API.',
      remedy: 'Leave GLADIA_API_URL empty, or set it to https://api.gladia.io; a proxy must pass `/v2/live` on.',
    },
    ...networkFindings({
      name: 'Gladia',
      variable: 'GLADIA_API_URL',
      whenRefused: 'Leave GLADIA_API_URL empty, which means https://api.gladia.io, or start what it names.',
    }),
    busy: {
      state: 'unknown',
      meaning: 'Gladia takes no more requests at the moment (429), and so says nothing of the key.',
      remedy: 'Wait a minute. If it stays, something asks Gladia too often with this key.',
    },
    failing: {
      state: 'broken',
      meaning: 'Gladia, or a proxy before it, answers with a server fault.',
      remedy:
        'Look at status.gladia.io. Sound is kept for AUDIO_LOG_S seconds (and AUDIO_LOG_SPILL_S on disk) and sent later.',
    },
  },
  async ofDeployment({ gladia }) {
    const refusal = await gladia.tryKey();
    if (refusal === undefined) return { finding: 'accepted' };
    if (refusal.kind === 'unusable') return { finding: 'not-gladia' };
    if (refusal.kind === 'unreachable') {
      const { fault, code } = networkFault(refusal.error);
      return { finding: fault, facts: { code } };
    }
    const { status } = refusal;
    return { finding: keyFinding(status), facts: { status } };
  },
});

function keyFinding(status: number): 'refused' | 'plan' | 'busy' | 'failing' | 'not-gladia' {
  if (status === 401) return 'refused';
  if (status === 402 || status === 403) return 'plan';
  if (status === 429) return 'busy';
  return status >= 500 ? 'failing' : 'not-gladia';
}

type Slot = 'free' | 'held' | 'none' | 'settings' | 'no-socket' | 'failing';

export const gladiaSlot = defineCheck<Slot>({
  id: 'gladia-slot',
  leg: 'Gladia',
  question: 'Is a live session available at Gladia?',
  findings: {
    free: { state: 'ok', meaning: 'A session was opened, connected to, ended and deleted.' },
    held: { state: 'ok', meaning: 'The session of this room has one, or needs none yet.' },
    none: {
      state: 'broken',
      meaning:
        'The account has as many live sessions as it may have (free plan 1, paid 30), so this one waits. Sound is kept meanwhile.',
      remedy:
        'End other sessions, or raise the limit at Gladia; several services with one key share it. GLADIA_IDLE_RELEASE_S gives sessions of silent rooms back, and GLADIA_MAX_SESSIONS tells the limit.',
    },
    settings: {
      state: 'broken',
      meaning: 'Gladia does not accept the settings of a session.',
      remedy: 'Look at GLADIA_MODEL and GLADIA_REGION: their defaults are known to work.',
    },
    'no-socket': {
      state: 'broken',
      meaning: 'Gladia gives a session, and the WebSocket to it cannot be opened.',
      remedy: 'Let firewall and proxy allow wss:// to the host that Gladia names (mostly api.gladia.io).',
    },
    failing: {
      state: 'broken',
      meaning: 'Gladia gave no session, for a reason of its own.',
      remedy: 'Look at status.gladia.io; the service tries again by itself and keeps the sound.',
    },
  },
  async ofDeployment({ gladia, costly }) {
    if (!costly.gladiaSession) return { finding: 'not-asked', facts: { flag: '--gladia-session' } };
    const refusal = await gladia.tryKey();
    const isPointless = refusal !== undefined && (refusal.kind !== 'refused' || refusal.status === 401);
    if (isPointless) return { finding: 'not-asked', facts: { because: 'gladia-key' } };
    return slotOutcome(await gladia.tryLiveSession());
  },
  ofSession({ gladia }) {
    return { finding: gladia.state === 'waiting-for-slot' ? 'none' : 'held', facts: { state: gladia.state } };
  },
});

function slotOutcome(tried: LiveSessionTry): Outcome<Slot> {
  switch (tried.kind) {
    case 'opened':
      return { finding: 'free', facts: { deleted: tried.deleted } };
    case 'no-socket': {
      const { upgradeStatus: status } = tried;
      return {
        finding: 'no-socket',
        facts: status === undefined ? { code: networkFault(tried.error).code } : { status },
      };
    }
    case 'refused':
      return { finding: refusedSlot(tried.status), facts: { status: tried.status } };
    case 'unusable':
      return { finding: 'failing' };
    case 'unreachable':
      return { finding: 'failing', facts: { code: networkFault(tried.error).code } };
  }
}

function refusedSlot(status: number): Slot {
  if (status === 429) return 'none';
  return status === 400 || status === 422 ? 'settings' : 'failing';
}

export const gladiaSession = defineCheck({
  id: 'gladia-session',
  leg: 'Gladia',
  question: 'Does Gladia take the sound of this session?',
  findings: {
    live: { state: 'ok', meaning: 'Gladia takes the sound.' },
    idle: { state: 'ok', meaning: 'Nobody has spoken (for a while), so Gladia is not asked for anything.' },
    connecting: {
      state: 'unknown',
      meaning: 'The connection to Gladia is being made.',
      remedy: 'Look again in a few seconds.',
    },
    waiting: {
      state: 'broken',
      meaning: 'The session waits for a place at Gladia; its sound is kept meanwhile.',
      remedy: 'See the row `gladia-slot`.',
    },
    reconnecting: {
      state: 'broken',
      meaning: 'The connection to Gladia is lost again and again, or cannot be made; sound is kept and sent later.',
      remedy:
        'See the row `gladia-key`; if that is well, look at firewall and proxy for wss:// to Gladia. docs/gladia-faults.md says what follows.',
    },
    refused: {
      state: 'broken',
      meaning: 'Gladia refuses the session, and will do so again: key, plan or settings are wrong.',
      remedy:
        'See the row `gladia-key`; if that is well, Gladia refuses a setting of this session: its languages, translation or other options (docs/speech-options.md).',
    },
  },
  ofSession({ gladia: { state, reason } }) {
    const facts = { state, ...(reason !== '' && { reason }) };
    switch (state) {
      case 'live':
      case 'draining':
        return { finding: 'live' };
      case 'idle':
        return { finding: 'idle' };
      case 'waiting-for-slot':
        return { finding: 'waiting', facts };
      case 'refused':
        return { finding: 'refused', facts };
      case 'reconnecting':
        return { finding: 'reconnecting', facts };
      case 'connecting':
        return { finding: 'connecting', facts };
      case 'ended':
        return { finding: 'session-over' };
    }
  },
});
