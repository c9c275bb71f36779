import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { environmentSchema } from './config-schema.js';
import { parseConfig } from './parse-config.js';

const example = new Map(
  [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, key, value]) => [
    key!,
    value!,
  ]),
);
const REQUIRED = {
  LIVEKIT_API_KEY: 'key',
  LIVEKIT_API_SECRET: 'secret',
  NEXT_PUBLIC_LIVEKIT_URL: 'wss://rooms.example.org',
  GLADIA_API_KEY: 'key',
};

describe('.env.example', () => {
  it('names every variable that the service reads, and no other', () => {
    expect([...example.keys()].sort()).toEqual(Object.keys(environmentSchema.shape).sort());
  });

  it('shows the defaults', () => {
    expect(parseConfig({ ...Object.fromEntries(example), ...REQUIRED })).toEqual(parseConfig(REQUIRED));
  });
});
