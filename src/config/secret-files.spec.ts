import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError, parseConfig } from './parse-config.js';

describe('secrets in files', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'roomscribe-secrets-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const environment = (): Record<string, string> => ({
    LIVEKIT_API_KEY: 'key',
    LIVEKIT_API_SECRET_FILE: file('secret', 'a-secret-value\n'),
    LIVEKIT_HTTP_URL: 'http://127.0.0.1:7880',
    GLADIA_API_KEY_FILE: file('gladia', 'gladia-value'),
    DATABASE_URL_FILE: file('database', 'postgres://user:password@host/name\r\n'),
  });
  const problemsWith = (more: Record<string, string | undefined>): readonly string[] => {
    try {
      parseConfig({ ...environment(), ...more });
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  };

  it('are read without the line break at their end', () => {
    const config = parseConfig(environment());
    expect(config.livekit).toMatchObject({ apiKey: 'key', apiSecret: 'a-secret-value' });
    expect(config.gladia.apiKey).toBe('gladia-value');
    expect(config.store.url).toBe('postgres://user:password@host/name');
  });

  it('may not be given twice', () => {
    expect(problemsWith({ GLADIA_API_KEY: 'another' })).toEqual([
      'GLADIA_API_KEY and GLADIA_API_KEY_FILE are both set: unset one of them',
    ]);
  });

  it('must be there, and hold something', () => {
    const problems = problemsWith({
      GLADIA_API_KEY_FILE: join(folder, 'nowhere'),
      DATABASE_URL_FILE: file('empty', '\n'),
      LIVEKIT_API_SECRET_FILE: undefined,
    });
    expect(problems).toEqual([
      'GLADIA_API_KEY_FILE names a file that cannot be read (ENOENT): is it there, for this user?',
      'DATABASE_URL_FILE names an empty file: write the value into it',
      expect.stringContaining('LIVEKIT_API_SECRET is missing'),
    ]);
  });

  it('are checked as the settings are, without showing them', () => {
    const problems = problemsWith({ DATABASE_URL_FILE: file('wrong', 'hunter2') });
    expect(problems).toEqual([expect.stringMatching(/^DATABASE_URL must be /)]);
    expect(problems.join()).not.toContain('hunter2');
  });
});

describe('a second pair of keys', () => {
  const enough = {
    LIVEKIT_API_KEY: 'key',
    LIVEKIT_API_SECRET: 'secret',
    LIVEKIT_HTTP_URL: 'http://127.0.0.1:7880',
    GLADIA_API_KEY: 'gladia',
  };

  it('is valid beside the first', () => {
    const { livekit } = parseConfig({ ...enough, LIVEKIT_API_KEY_2: 'key-2', LIVEKIT_API_SECRET_2: 'secret-2' });
    expect(livekit.apiKey).toBe('key');
    expect(livekit.secondKey).toEqual({ apiKey: 'key-2', apiSecret: 'secret-2' });
  });

  it.each([{ LIVEKIT_API_KEY_2: 'key-2' }, { LIVEKIT_API_SECRET_2: 'secret-2' }])('is refused in part: %j', (half) => {
    expect(() => parseConfig({ ...enough, ...half })).toThrow(/belong together/);
  });

  it('needs a name of its own', () => {
    const same = { LIVEKIT_API_KEY_2: 'key', LIVEKIT_API_SECRET_2: 'secret-2' };
    expect(() => parseConfig({ ...enough, ...same })).toThrow(/LIVEKIT_API_KEY_2 must be another key/);
  });
});
