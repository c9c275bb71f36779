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

/** Asked by the doctor alone: a service that answers `GET /sessions/{id}/diagnosis` runs. */
export const service = defineCheck({
  id: 'service',
  leg: 'this service',
  question: 'Does the service run, and with these variables?',
  findings: {
    runs: { state: 'ok', meaning: 'The service runs, and takes tokens of our key.' },
    'not-running': {
      state: 'skipped',
      meaning: 'The service does not run here, so the doctor listened at PORT itself while it looked.',
      remedy:
        'Start it (`npm start`) and run the doctor again for the rows that need it; with --service URL it looks at one elsewhere.',
    },
    'not-there': {
      state: 'broken',
      meaning: 'Nothing answers at the address that was given with --service.',
      remedy: 'Start the service, or correct the address: host and PORT of the service itself, without a path.',
    },
    'not-running-port-taken': {
      state: 'broken',
      meaning: 'Something else listens at PORT, so the service cannot start.',
      remedy: 'End it (`lsof -i :3001` shows it), or set another PORT.',
    },
    'not-ready': {
      state: 'broken',
      meaning: 'The service runs and takes no new sessions: it is shutting down, or its event loop is late.',
      remedy:
        'Look at `GET /health`. A late event loop needs another processor, or fewer tracks a process (docs/performance.md).',
    },
    'other-variables': {
      state: 'broken',
      meaning: 'The service runs with another LIVEKIT_API_KEY or LIVEKIT_API_SECRET than the doctor was given.',
      remedy:
        'Run the doctor with the environment of the service (in its container: `node dist/doctor.js`), or restart the service.',
    },
    silent: {
      state: 'broken',
      meaning: 'The service takes connections and does not answer in time.',
      remedy: 'Its event loop hangs, or it is starved of processor: look at its log and its limits, and restart it.',
    },
  },
});
