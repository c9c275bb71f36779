/** `npm run sandbox`: a fake LiveKit, Egress and Gladia that stay up, for trying the service by hand. */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startGladiaSandbox } from './gladia/gladia-sandbox.js';
import { startLiveKitSandbox } from './livekit/livekit-sandbox.js';
import { loadRecordings } from './recordings/catalogue.js';

const { values: args } = parseArgs({
  options: {
    service: { type: 'string', default: 'http://127.0.0.1:3001' },
    'livekit-port': { type: 'string', default: '7880' },
    'gladia-port': { type: 'string', default: '7890' },
  },
});
const keys = { apiKey: 'sandbox', apiSecret: randomBytes(24).toString('hex') };

const livekit = await startLiveKitSandbox({
  ...keys,
  port: Number(args['livekit-port']),
  webhookUrls: [`${args.service}/livekit/webhook`],
  recordings: loadRecordings(),
});
const gladia = await startGladiaSandbox({ port: Number(args['gladia-port']) });

console.log(`Start the service with these variables, and drive the room under ${livekit.url}/__sandbox/ :

LIVEKIT_API_KEY=${keys.apiKey}
LIVEKIT_API_SECRET=${keys.apiSecret}
LIVEKIT_HTTP_URL=${livekit.url}
GLADIA_API_KEY=sandbox
GLADIA_API_URL=${gladia.url}
`);

process.once('SIGINT', () => void Promise.all([livekit.close(), gladia.close()]));
