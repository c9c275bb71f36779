import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { AccessToken } from 'livekit-server-sdk';
import { AccessTokenVerifier, SignedWebhookReceiver } from './signing-keys.js';

const [first, second, stranger] = ['first', 'second', 'stranger'].map((apiKey) => ({
  apiKey,
  apiSecret: `the secret of ${apiKey}, long enough`,
}));
const KEYS = [first!, second!] as const;
const pair = { ...first!, secondKey: second! };

const tokenOf = (key: string, secret: string, sha256?: string): Promise<string> => {
  const token = new AccessToken(key, secret, { identity: 'somebody' });
  if (sha256 !== undefined) token.sha256 = sha256;
  return token.toJwt();
};

describe('with two pairs of keys', () => {
  const verifier = new AccessTokenVerifier(pair);

  it.each(KEYS)('takes tokens of $apiKey', async ({ apiKey, apiSecret }) => {
    await expect(verifier.verify(await tokenOf(apiKey, apiSecret))).resolves.toMatchObject({ sub: 'somebody' });
  });

  it.each([
    ['of a stranger', stranger!.apiKey, stranger!.apiSecret],
    ['that names the one key and is signed with the other', first!.apiKey, second!.apiSecret],
    ['that names the second key and is signed by a stranger', second!.apiKey, stranger!.apiSecret],
  ])('takes no token %s', async (_, key, secret) => {
    await expect(verifier.verify(await tokenOf(key, secret))).rejects.toThrow();
  });

  it.each(['', 'no token', 'a.b.c', `a.${Buffer.from('null').toString('base64url')}.c`])(
    'takes no %j',
    async (token) => {
      await expect(verifier.verify(token)).rejects.toThrow();
    },
  );

  it('takes webhooks of both, and of nobody else', async () => {
    const receiver = new SignedWebhookReceiver(pair);
    const body = '{"event":"room_started","id":"EV_1"}';
    const sha256 = createHash('sha256').update(body).digest('base64');
    for (const { apiKey, apiSecret } of KEYS) {
      await expect(receiver.receive(body, await tokenOf(apiKey, apiSecret, sha256))).resolves.toMatchObject({
        id: 'EV_1',
      });
    }
    const forged = await tokenOf(second!.apiKey, stranger!.apiSecret, sha256);
    await expect(receiver.receive(body, forged)).rejects.toThrow();
    await expect(receiver.receive(body)).rejects.toThrow();
  });
});
