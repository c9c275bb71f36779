import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { livekitConfig, type LiveKitConfig } from '../config/namespaces.js';

const LIFETIME_MS = 60_000;
/** 16 bytes of nonce, an expiry, 32 bytes of MAC. */
const FORM = /^\/egress\/audio\/probe\/([\w-]{22})\?token=([0-9a-z]{1,10})\.([\w-]{43})$/;
const answerSchema = z.object({ instance: z.string().max(64), proof: z.string() });

/** What whoever dials presents, and what it takes to believe the answer. */
export interface ReachChallenge {
  readonly nonce: string;
  /** Appended to `EGRESS_WEBSOCKET_BASE_URL`. */
  readonly path: string;
}

/**
 * Proves that a connection to `EGRESS_WEBSOCKET_BASE_URL` ends here. Who dials presents a nonce, signed, and is answered
 * with a proof over that nonce. Both keys are derived from LiveKit's secret, so only this deployment can ask or answer, and
 * the answer names the process, so that an old one that still listens is told from this one.
 */
@Injectable()
export class ReachabilityProbe {
  /** Names this process; means nothing else. */
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

  /** What to say on the socket that asks for this address; undefined where it is no probe, or a forged or old one. */
  answer(requestUrl: string | undefined, nowUnixMs: number): string | undefined {
    const [, nonce = '', expiry = '', signature = ''] = FORM.exec(requestUrl ?? '') ?? [];
    if (nonce === '' || parseInt(expiry, 36) < nowUnixMs) return undefined;
    if (!isSame(mac(this.#askKey, nonce, expiry), signature)) return undefined;
    const proof = mac(this.#answerKey, nonce, this.instance).toString('base64url');
    return JSON.stringify({ instance: this.instance, proof });
  }

  /** The process that answered; undefined where the answer proves nothing. */
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
