// npm run token -- --room ROOM --read|--admin: prints a LiveKit access token for a room of the project whose key is set.
import { parseArgs } from 'node:util';
import { AccessToken, type VideoGrant } from 'livekit-server-sdk';

const USAGE = `Usage: npm run token -- --room ROOM (--read | --admin) [--ttl 1d]
  --read   reads what is said in the room, and can do nothing else: for CAPTION_PAGE_TOKEN and displays
  --admin  starts, ends and reads the sessions of the room
  --ttl    how long it is good for, such as 30m, 8h or 7d; default 1d
LIVEKIT_API_KEY and LIVEKIT_API_SECRET come from the environment or from .env.
`;

function fail(problem: string): never {
  process.stderr.write(`${problem}\n\n${USAGE}`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      options: {
        room: { type: 'string' },
        read: { type: 'boolean', default: false },
        admin: { type: 'boolean', default: false },
        ttl: { type: 'string', default: '1d' },
      },
    }).values;
  } catch (error) {
    return fail((error as Error).message);
  }
}

const { room, read, admin, ttl } = options();
try {
  process.loadEnvFile();
} catch {
  // The environment may have all that is needed.
}
const { LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = process.env;
if (!room) fail('--room is missing');
if (read === admin) fail('Say either --read or --admin.');
if (!/^\d+[smhd]$/.test(ttl)) fail(`--ttl must be a time such as 8h, not ${ttl}`);
if (!key || !secret) fail('LIVEKIT_API_KEY and LIVEKIT_API_SECRET are not set.');

const grant: VideoGrant = read ? { room, canSubscribe: true } : { room, roomAdmin: true };
const token = new AccessToken(key, secret, { ttl, ...(admin && { identity: 'roomscribe-admin' }) });
token.addGrant(grant);
process.stdout.write(`${await token.toJwt()}\n`);
