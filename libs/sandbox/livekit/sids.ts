import { randomInt } from 'node:crypto';

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';

/** Ids as LiveKit makes them: a prefix that says what it is and twelve random characters. */
export function newSid(prefix: 'RM_' | 'PA_' | 'TR_AM' | 'TR_VC' | 'EG_' | 'EV_'): string {
  let sid: string = prefix;
  for (let i = 0; i < 12; i++) sid += ALPHABET.charAt(randomInt(ALPHABET.length));
  return sid;
}
