import type { Config } from '../config/config.js';
import { ConfigError } from '../config/parse-config.js';
import { RoomAccess } from './room-access.js';
import { AccessTokenVerifier } from './signing-keys.js';

const REMEDY = 'make one with `npm run token -- --room ROOM --read`';

/**
 * Whoever opens the caption page gets its token, so LiveKit must give it no power at all.
 * @throws ConfigError
 */
export async function assertPageTokenReadsOnly({ http, livekit }: Config): Promise<void> {
  if (http.captionPageToken === '') return;
  const access = new RoomAccess(new AccessTokenVerifier(livekit), http);
  const grants = await access.grants(`Bearer ${http.captionPageToken}`).catch(() => undefined);
  if (grants === undefined)
    throw new ConfigError([`CAPTION_PAGE_TOKEN has expired or is not signed with LIVEKIT_API_SECRET: ${REMEDY}`]);
  if (!grants.isReadOnly) {
    const problem = 'CAPTION_PAGE_TOKEN may do more than read, and the page gives it to everybody';
    throw new ConfigError([`${problem}: its grant must be { room, canSubscribe: true } alone; ${REMEDY}`]);
  }
}
