import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { WebhookReceiver } from 'livekit-server-sdk';
import { LiveKitWebhooks } from './livekit-webhooks.js';

describe('LiveKitWebhooks', () => {
  let warnings: string[];
  beforeEach(() => {
    warnings = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((message) => void warnings.push(String(message)));
  });
  afterEach(() => void jest.restoreAllMocks());

  it.each([
    ['expired', { code: 'ERR_JWT_EXPIRED', claim: 'exp' }, true],
    ['not valid yet', { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'nbf' }, true],
    ['of another issuer', { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'iss' }, false],
    ['signed with another key', { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' }, false],
    ['missing', undefined, false],
  ])('knows whether a refused one was %s because of a clock', (_, cause, refusedForItsTime) => {
    const webhooks = new LiveKitWebhooks(new WebhookReceiver('key', 'secret'));
    webhooks.refused(cause);
    webhooks.refused(cause);
    expect(webhooks.seen).toMatchObject({ refusedForItsTime });
    expect(warnings).toEqual([expect.stringContaining(refusedForItsTime ? 'clocks' : 'not signed')]);
  });
});
