import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { livekitConfig, type LiveKitConfig } from '../config/namespaces.js';

const LIFETIME_MS = 60_000;
/** 16 bytes of nonce, an expiry, 32 bytes of MAC. */
const FORM = /^\/egress\/audio\/probe\/([\w-]{22})\?token=([0-9a-z]{1,10})\.([\w-]{43})$/;
const answerSchema = z.object({ instance: z.string().max(64), proof: z.string() });

/** What the prober connects with, and needs to verify the answer. */
export interface ReachChallenge {
  readonly nonce: string;
  /** Appended to `EGRESS_WEBSOCKET_BASE_URL`. */
  readonly path: string;
}

/**
 * Proves that a connection to `EGRESS_WEBSOCKET_BASE_URL` reaches this deployment. The prober sends a signed nonce, and the
 * answer is a MAC over that nonce. Both keys are derived from LiveKit's secret, so that only this deployment can ask or
 * answer. The answer names the process, so that an old process that still listens is recognised.
 */
@Injectable()
export class ReachabilityProbe {
  /** A random id of this process. */
  readonly instance = randomBytes(9).toString('base64url');
  readonly #askKey: Buffer;
  readonly #answerKey: Buffer;

  constructor(@Inject(livekitConfig.KEY) { apiSecret }: LiveKitConfig) {
    const key = (purpose: string): Buffer =>
      Buffer.from(hkdfSync('sha256', apiSecret, '', `roomscribe reach probe ${purpose}`, 32));
    this.#askKey = key('asks');
    this.#answerKey = key('answers');
  }

  challenge(nowUnixMs: number): ReachChallenge {
    const nonce = randomBytes(16).toString('base64url');
    const expiry = (nowUnixMs + LIFETIME_MS).toString(36);
    return { nonce, path: `/probe/${nonce}?token=${expiry}.${mac(this.#askKey, nonce, expiry).toString('base64url')}` };
  }

  /** What to send on the WebSocket with this request URL; undefined where it is not a probe, or a forged or expired one. */
  answer(requestUrl: string | undefined, nowUnixMs: number): string | undefined {
    const [, nonce = '', expiry = '', signature = ''] = FORM.exec(requestUrl ?? '') ?? [];
    if (nonce === '' || parseInt(expiry, 36) < nowUnixMs) return undefined;
    if (!isSame(mac(this.#askKey, nonce, expiry), signature)) return undefined;
    const proof = mac(this.#answerKey, nonce, this.instance).toString('base64url');
    return JSON.stringify({ instance: this.instance, proof });
  }

  /** The id of the process that answered; undefined where the answer is invalid. */
  verify({ nonce }: ReachChallenge, answer: string): string | undefined {
    const parsed = answerSchema.safeParse(jsonOf(answer));
    if (!parsed.success) return undefined;
    const { instance, proof } = parsed.data;
    return isSame(mac(this.#answerKey, nonce, instance), proof) ? instance : undefined;
  }
}

const mac = (key: Buffer, ...parts: readonly string[]): Buffer =>
  createHmac('sha256', key).update(JSON.stringify(parts)).digest();

function isSame(expected: Buffer, given: string): boolean {
  const bytes = Buffer.from(given, 'base64url');
  return bytes.length === expected.length && timingSafeEqual(expected, bytes);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
