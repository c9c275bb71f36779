import { isUtf8 } from 'node:buffer';

const LONGEST = 64;

/** Reads Egress's only text message, `{"muted":true|false}`. Undefined for anything else. */
export function parseMuteMessage(text: Buffer): boolean | undefined {
  if (text.byteLength > LONGEST || !isUtf8(text)) return undefined;
  try {
    const message: unknown = JSON.parse(text.toString('utf8'));
    const muted = typeof message === 'object' && message !== null && 'muted' in message ? message.muted : undefined;
    return typeof muted === 'boolean' ? muted : undefined;
  } catch {
    return undefined;
  }
}
