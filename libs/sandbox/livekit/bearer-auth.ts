import { TokenVerifier, type VideoGrant } from 'livekit-server-sdk';
import { TwirpError } from './twirp-error.js';

const BEARER = 'Bearer ';

/** A token that LiveKit refuses before Twirp sees the call: 401 in plain text. */
export class RefusedToken extends Error {}

/** What LiveKit reads from the `Authorization` header. */
export class BearerAuth {
  readonly #verifier: TokenVerifier;

  constructor(
    private readonly apiKey: string,
    apiSecret: string,
  ) {
    this.#verifier = new TokenVerifier(apiKey, apiSecret);
  }

  /** The grants of the caller; none without a header. Throws `RefusedToken`. */
  async grantsOf(header: string | undefined): Promise<VideoGrant> {
    if (header === undefined) return {};
    if (!header.startsWith(BEARER)) {
      throw new RefusedToken('invalid authorization header. Must start with Bearer ');
    }
    const token = header.slice(BEARER.length);
    const issuer = issuerOf(token);
    if (issuer !== undefined && issuer !== this.apiKey) throw new RefusedToken(`invalid API key: ${issuer}`);
    try {
      const claims = await this.#verifier.verify(token, 0);
      return claims.video ?? {};
    } catch (error) {
      throw new RefusedToken(`invalid token: ${token}, error: ${reasonOf(error)}`);
    }
  }
}

/** Throws what the server answers to a good token without the grant. */
export function requireGrant(granted: boolean | undefined): void {
  if (granted !== true) throw new TwirpError('unauthenticated', 'permissions denied');
}

export function requireRoomAdmin(grants: VideoGrant, room: string): void {
  requireGrant(grants.roomAdmin === true && grants.room === room);
}

/** The key that a token says it is signed for: the server looks for its secret first. */
function issuerOf(token: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null && 'iss' in claims ? String(claims.iss) : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_JWT_EXPIRED') return 'token has invalid claims: token is expired';
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') return 'token has invalid claims';
  if (code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') return 'token signature is invalid: signature is invalid';
  return 'token is malformed';
}
