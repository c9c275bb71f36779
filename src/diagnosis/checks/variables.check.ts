import { defineCheck } from '../check.js';

export const variables = defineCheck({
  id: 'variables',
  leg: 'configuration',
  question: 'Do the variables fit?',
  findings: {
    fit: { state: 'ok', meaning: 'Every variable that is needed is there, and all are of the right form.' },
    wrong: {
      state: 'broken',
      meaning: 'A variable is missing or of the wrong form, so the service does not start.',
      remedy:
        'Set what is listed, in the environment or in `.env` of the folder in which the service is started; `.env.example` explains each.',
    },
  },
  ofDeployment: () => Promise.resolve({ finding: 'fit' }),
});
