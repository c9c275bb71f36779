import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { openDatabase } from '../../store/database.js';
import { EngineSessions } from './engine-sessions.js';
import type { GladiaApi } from '../api/gladia-api.js';
import { GladiaError } from '../api/gladia-error.js';
import { RemoteSessionCleanup } from './remote-session-cleanup.js';
import { settingsFor } from '../stream.spec-kit.js';

const asking = (answers: (number | undefined)[], orphans: string[] = []) => {
  const asked: string[] = [];
  const api = {
    deleteSession: (id: string) => {
      asked.push(id);
      const status = answers.length > 1 ? answers.shift() : answers[0];
      return status === undefined ? Promise.resolve() : Promise.reject(new GladiaError('refused', 'no', status));
    },
    sessionsOf: () => Promise.resolve(orphans),
  } as unknown as GladiaApi;
  return { asked, api };
};
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('Leftovers', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('are deleted as soon as Gladia lets them be, where that is wanted', async () => {
    const { asked, api } = asking([403, 403, 429, undefined]);
    const leftovers = new RemoteSessionCleanup(api, settingsFor('http://127.0.0.1', { deletes: true }));
    leftovers.ended('one');
    expect(leftovers.pending).toEqual(['one']);
    await until(() => leftovers.pending.length === 0);
    expect(asked).toHaveLength(4);
    const keeping = new RemoteSessionCleanup(api, settingsFor('http://127.0.0.1'));
    keeping.ended('two');
    expect(keeping.pending).toEqual([]);
    expect(asked).toHaveLength(4);
  });

  it('are left alone for as long as Gladia asks', async () => {
    const askedAtMs: number[] = [];
    const deleteSession = () => {
      askedAtMs.push(performance.now());
      return askedAtMs.length === 1 ? Promise.reject(new GladiaError('busy', 'no', 429, 100)) : Promise.resolve();
    };
    const api = { deleteSession } as unknown as GladiaApi;
    const leftovers = new RemoteSessionCleanup(api, settingsFor('http://127.0.0.1', { deletes: true }));
    leftovers.ended('one');
    await until(() => leftovers.pending.length === 0);
    expect(askedAtMs[1]! - askedAtMs[0]!).toBeGreaterThanOrEqual(98);
  });

  it('are gone when Gladia does not know them', async () => {
    const { api } = asking([404]);
    const leftovers = new RemoteSessionCleanup(api, settingsFor('http://127.0.0.1', { deletes: true }));
    leftovers.ended('one');
    await until(() => leftovers.pending.length === 0);
  });

  it('are named at shutdown, and when Gladia never lets them go', async () => {
    const lines: string[] = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => void lines.push(String(line)));
    jest.spyOn(Logger.prototype, 'error').mockImplementation((line: unknown) => void lines.push(String(line)));
    const deletion = { giveUpAfterMs: 30, backoff: { baseMs: 4, capMs: 8 } };
    const leftovers = new RemoteSessionCleanup(
      asking([403]).api,
      settingsFor('http://127.0.0.1', { deletes: true }, { deletion }),
    );
    leftovers.ended('one');
    await until(() => lines.length === 1);
    leftovers.onApplicationShutdown();
    expect(lines).toEqual([expect.stringContaining('one'), 'not yet deleted at Gladia: one']);
  });

  it('are taken up again after the service died', async () => {
    const database = await openDatabase('file::memory:');
    const settings = settingsFor('http://127.0.0.1', { deletes: true });
    const refusing = asking([403]);
    const killed = new RemoteSessionCleanup(refusing.api, settings, new EngineSessions(database));
    killed.created('living', 's');
    killed.created('ended', 's');
    killed.ended('ended');
    await until(() => refusing.asked.length > 1);
    killed.onApplicationShutdown();
    const { asked, api } = asking([403, undefined]);
    const next = new RemoteSessionCleanup(api, settings, new EngineSessions(database));
    await next.onModuleInit();
    await until(() => next.pending.length === 0);
    expect(new Set(asked)).toEqual(new Set(['ended', 'living']));
    const third = new RemoteSessionCleanup(api, settings, new EngineSessions(database));
    await third.onModuleInit();
    expect(third.pending).toEqual([]);
    await database.close();
  });

  it('are forgotten when they are read, where Gladia may keep them, except orphans', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const database = await openDatabase('file::memory:');
    const sessions = new EngineSessions(database);
    const keeping = new RemoteSessionCleanup(asking([403], ['orphan']).api, settingsFor('http://127.0.0.1'), sessions);
    keeping.created('read', 's');
    keeping.ended('read');
    await keeping.deleteOrphans('s', new Set(['read']));
    await until(() => keeping.pending.length === 1);
    keeping.onApplicationShutdown();
    expect(await sessions.all()).toEqual([{ id: 'orphan', toDelete: true }]);
    await database.close();
  });

  it('are found where a request got no answer, whatever is kept otherwise', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const { asked, api } = asking([403, undefined], ['known', 'orphan']);
    const leftovers = new RemoteSessionCleanup(api, settingsFor('http://127.0.0.1'));
    await leftovers.deleteOrphans('s', new Set(['known']));
    await until(() => leftovers.pending.length === 0);
    expect(asked).toEqual(['orphan', 'orphan']);
  });
});
