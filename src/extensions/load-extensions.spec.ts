import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from '../config/parse-config.js';
import { loadExtensions } from './load-extensions.js';
import { toolkit } from './toolkit.js';

describe('loadExtensions', () => {
  let folder: string;
  const file = (name: string, code: string): string => {
    const path = join(folder, name);
    writeFileSync(path, code);
    return path;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'extensions-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('hands the toolkit to each file, in order', async () => {
    const paths = ['one', 'two'].map((name) =>
      file(`${name}.mjs`, `export const extend = (kit) => ({ module: class {}, global: kit === '${name}' });`),
    );
    expect((await loadExtensions(paths, 'two')).map(({ global }) => global)).toEqual([false, true]);
    expect(await loadExtensions([], 'none')).toEqual([]);
  });

  it('refuses an extension for the former toolkit, and names what to use instead', async () => {
    const old = file(
      'old.mjs',
      'export const extend = ({ EventBus, facts }) => ({ module: class {}, facts, EventBus });',
    );
    await expect(loadExtensions([old], toolkit('engine'))).rejects.toThrow(
      /entry 1 uses `facts`.*`events.MessagePublished`/,
    );
  });

  it.each([
    ['no file', undefined, 'must be the path of an ES module'],
    ['broken code', 'export const', 'must be the path of an ES module'],
    ['no extend', 'export const other = 1;', 'must export a function `extend`'],
    ['no module', 'export const extend = () => ({});', 'must return a Nest module'],
  ])('says which entry does not fit, and never its path: %s', async (_, code, problem) => {
    const good = file('good.mjs', 'export const extend = () => ({ module: class {} });');
    const bad = join(folder, 'secret.mjs');
    if (code !== undefined) writeFileSync(bad, code);
    const failure: unknown = await loadExtensions([good, bad], {}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as ConfigError).message).toContain(`entry 2 ${problem}`);
    expect((failure as ConfigError).message).not.toContain('secret');
  });
});
