import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.js';

const UP_WITHIN_MS = 15_000;
const DEBIAN = '/usr/lib/postgresql';

/** A Postgres to test against: the one at `POSTGRES_TEST_URL`, or one of our own where the server is installed. */
export interface TestPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** The folder of `initdb` and `postgres`; undefined where there is none. */
function serverFolder(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : [];
  const folders = [...versions, ...(process.env['PATH'] ?? '').split(':')];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** Why there is no Postgres to test against; undefined when there is one. */
export const noPostgres: string | undefined =
  process.env['POSTGRES_TEST_URL'] === undefined && serverFolder() === undefined
    ? 'no POSTGRES_TEST_URL, and no Postgres server on this machine'
    : undefined;

export async function startPostgres(): Promise<TestPostgres> {
  const given = process.env['POSTGRES_TEST_URL'];
  return given === undefined ? ownPostgres(serverFolder() ?? '') : { url: given, stop: () => Promise.resolve() };
}

async function ownPostgres(binaries: string): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'roomscribe-postgres-'));
  const data = join(folder, 'data');
  const owner = asOrdinaryUser(folder);
  execFileSync(join(binaries, 'initdb'), ['-D', data, '-U', 'test', '-A', 'trust', '-N'], {
    stdio: 'ignore',
    ...owner,
  });
  const port = await freePort();
  const settings = ['-F', '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'];
  const server = spawn(join(binaries, 'postgres'), ['-D', data, ...settings], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...owner,
  });
  await isReady(server);
  const stop = async (): Promise<void> => {
    server.kill('SIGINT');
    if (server.exitCode === null) await once(server, 'exit');
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `postgres://test@127.0.0.1:${port}/postgres`, stop };
}

/** Postgres refuses to run as root, so there it runs as the user whom its package has made. */
function asOrdinaryUser(folder: string): { uid?: number; gid?: number } {
  if (userInfo().uid !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']).toString());
  const [uid, gid] = [id('-u'), id('-g')];
  execFileSync('chown', [`${uid}:${gid}`, folder]);
  return { uid, gid };
}

async function isReady(server: ChildProcess): Promise<void> {
  const said: string[] = [];
  const ready = new Promise<boolean>((resolve) => {
    server.stderr?.on('data', (chunk: Buffer) => {
      said.push(chunk.toString());
      if (said.join('').includes('ready to accept connections')) resolve(true);
    });
    server.once('exit', () => resolve(false));
    setTimeout(() => resolve(false), UP_WITHIN_MS).unref();
  });
  if (!(await ready)) throw new Error(`Postgres does not start: ${said.join('')}`);
}
