import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** The headers that prove who sent a webhook (Standard Webhooks, https://www.standardwebhooks.com). */
export function signatureHeaders(secret: string, id: string, unixMs: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(unixMs / 1_000));
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}
