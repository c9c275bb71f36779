import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from '@jest/globals';
import Sqlite from 'libsql';
import { freePort } from '../free-port.js';
import { SandboxedService } from './sandboxed-service.js';

let world: SandboxedService;
afterEach(() => world.close());

it('refuses a second process on the same database, which stays free for readers, checkpoints and backups', async () => {
  world = await SandboxedService.start();
  const { env } = world.options;
  const second = spawn(process.execPath, ['dist/main.js'], {
    env: { PATH: process.env['PATH'], ...env, PORT: String(await freePort()) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const errors = text(second.stderr);

  const administrator = new Sqlite(`${world.folder}/roomscribe.db`);
  expect(administrator.prepare('select count(*) as n from sessions').get()).toMatchObject({ n: 0 });
  expect(administrator.pragma('wal_checkpoint(TRUNCATE)')).toMatchObject([{ busy: 0 }]);
  administrator.exec(`VACUUM INTO '${world.folder}/backup.db'`);
  administrator.close();

  const [code] = (await once(second, 'exit')) as [number];
  expect(code).toBe(1);
  expect(await errors).toMatch(/^DATABASE_URL: another Roomscribe process uses this database: /m);

  // The lock ends with the process, however that ends.
  await world.restart();
  expect(await world.api.get('/sessions')).toEqual([]);
}, 90_000);
