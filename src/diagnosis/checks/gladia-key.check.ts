import { isAnswer } from '../asking/ask.js';
import { askGladia } from '../asking/gladia-calls.js';
import { defineCheck } from '../check.js';
import { networkFindings } from '../network-findings.js';

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
  async ofDeployment(deployment) {
    const reply = await askGladia(deployment, 'GET', '/v2/live?limit=1');
    if (!isAnswer(reply)) return { finding: reply.fault, facts: { code: reply.code } };
    const facts = { status: reply.status };
    if (reply.status === 200) return { finding: reply.body.startsWith('{') ? 'accepted' : 'not-gladia' };
    if (reply.status === 401) return { finding: 'refused', facts };
    if (reply.status === 402 || reply.status === 403) return { finding: 'plan', facts };
    if (reply.status === 429) return { finding: 'busy', facts };
    return { finding: reply.status >= 500 ? 'failing' : 'not-gladia', facts };
  },
});
