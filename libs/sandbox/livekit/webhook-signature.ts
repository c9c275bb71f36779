import { createHash } from 'node:crypto';
import { AccessToken } from 'livekit-server-sdk';

/** The `Authorization` header of a webhook: a JWT that carries the body's SHA-256, valid for five minutes. */
export function signWebhook(body: string, apiKey: string, apiSecret: string): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret, { ttl: '5m' });
  token.sha256 = createHash('sha256').update(body).digest('base64');
  return token.toJwt();
}
