import { isAnswer } from '../asking/ask.js';
import { askGladia } from '../asking/gladia-calls.js';
import { tryGladiaSession, type GladiaTry } from '../asking/gladia-try.js';
import { defineCheck, type Outcome } from '../check.js';

type Slot = 'free' | 'held' | 'none' | 'settings' | 'no-socket' | 'failing';

export const gladiaSlot = defineCheck<Slot>({
  id: 'gladia-slot',
  leg: 'Gladia',
  question: 'Is a live session to be had at Gladia?',
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
  async ofDeployment(deployment) {
    if (!deployment.costly.gladiaSession) return { finding: 'not-asked', facts: { flag: '--gladia-session' } };
    const key = await askGladia(deployment, 'GET', '/v2/live?limit=1');
    if (!isAnswer(key) || key.status === 401) return { finding: 'not-asked', facts: { because: 'gladia-key' } };
    return outcomeOf(await tryGladiaSession(deployment));
  },
  ofSession({ gladia }) {
    return { finding: gladia.state === 'waiting-for-slot' ? 'none' : 'held', facts: { state: gladia.state } };
  },
});

function outcomeOf(tried: GladiaTry): Outcome<Slot> {
  switch (tried.kind) {
    case 'opened':
      return { finding: 'free', facts: { deleted: tried.deleted } };
    case 'no-socket':
      return { finding: 'no-socket', facts: { code: tried.code } };
    case 'fault':
      return { finding: 'failing', facts: { code: tried.code } };
    case 'refused':
      return { finding: refusalOf(tried.answer.status), facts: { status: tried.answer.status } };
  }
}

function refusalOf(status: number): Slot {
  if (status === 429) return 'none';
  return status === 400 || status === 422 ? 'settings' : 'failing';
}
