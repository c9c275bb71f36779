import { TokenVerifier, WebhookReceiver } from 'livekit-server-sdk';
import type { SigningKey } from '../config/namespaces.js';

/** Our key, and while keys are being changed a second one. */
interface SigningKeys extends SigningKey {
  readonly secondKey?: SigningKey;
}

/** Verifies access tokens that either key has signed: by the second where a token names it, else by the first. */
export class AccessTokenVerifier extends TokenVerifier {
  readonly #second: TokenVerifier | undefined;
  readonly #secondKey: string | undefined;

  constructor({ apiKey, apiSecret, secondKey }: SigningKeys) {
    super(apiKey, apiSecret);
    this.#second = secondKey && new TokenVerifier(secondKey.apiKey, secondKey.apiSecret);
    this.#secondKey = secondKey?.apiKey;
  }

  override verify(...args: Parameters<TokenVerifier['verify']>): ReturnType<TokenVerifier['verify']> {
    if (this.#second !== undefined && issuerOf(args[0]) === this.#secondKey) return this.#second.verify(...args);
    return super.verify(...args);
  }
}

/** Verifies webhooks in the same way. */
export class SignedWebhookReceiver extends WebhookReceiver {
  readonly #second: WebhookReceiver | undefined;
  readonly #secondKey: string | undefined;

  constructor({ apiKey, apiSecret, secondKey }: SigningKeys) {
    super(apiKey, apiSecret);
    this.#second = secondKey && new WebhookReceiver(secondKey.apiKey, secondKey.apiSecret);
    this.#secondKey = secondKey?.apiKey;
  }

  override receive(...args: Parameters<WebhookReceiver['receive']>): ReturnType<WebhookReceiver['receive']> {
    if (this.#second !== undefined && issuerOf(args[1]) === this.#secondKey) return this.#second.receive(...args);
    return super.receive(...args);
  }
}

/** The key that a token names, not verified; undefined where it names none. */
function issuerOf(token = ''): string | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      iss?: string;
    } | null;
    return claims?.iss;
  } catch {
    return undefined;
  }
}
