import { defineCheck } from '../check.js';

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
        'See the row `gladia-key`; if that is well, look at firewall and proxy for wss:// to Gladia. docs/gladia-faults.md tells what follows.',
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
      default:
        return { finding: 'session-over' };
    }
  },
});
