import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { openDatabase } from '../../store/database.js';
import { PersonErased, SessionErased } from '../../events/domain-events.js';
import { EventBus } from '../../events/event-bus.js';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { timePasses, useVirtualTime } from '../../../libs/testing/virtual-time.spec-kit.js';
import { EngineSessions } from './engine-sessions.js';
import type { GladiaApi } from '../api/gladia-api.js';
import { GladiaError } from '../api/gladia-error.js';
import { RemoteSessionCleanup } from './remote-session-cleanup.js';
import { settingsFor } from '../stream.spec-kit.js';

useVirtualTime();

const fakeApi = (answers: (number | undefined)[], orphans: string[] = []) => {
  const requested: string[] = [];
  const api = {
    deleteSession: (id: string) => {
      requested.push(id);
      const status = answers.length > 1 ? answers.shift() : answers[0];
      return status === undefined ? Promise.resolve() : Promise.reject(new GladiaError('refused', 'no', status));
    },
    sessionsOf: () => Promise.resolve(orphans),
  } as unknown as GladiaApi;
  return { requested, api };
};
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await timePasses(2);
};

describe('RemoteSessionCleanup: sessions at Gladia', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('are deleted as soon as Gladia allows it, where that is configured', async () => {
    const { requested, api } = fakeApi([403, 403, 429, undefined]);
    const cleanup = new RemoteSessionCleanup(api, settingsFor('http://127.0.0.1', { deletes: true }));
    cleanup.ended('one');
    expect(cleanup.pending).toEqual(['one']);
    await until(() => cleanup.pending.length === 0);
    expect(requested).toHaveLength(4);
    const keeping = new RemoteSessionCleanup(api, settingsFor('http://127.0.0.1'));
    keeping.ended('two');
    expect(keeping.pending).toEqual([]);
    expect(requested).toHaveLength(4);
  });

  it('are not touched for as long as Gladia asks to wait', async () => {
    const requestedAtMs: number[] = [];
    const deleteSession = () => {
      requestedAtMs.push(performance.now());
      return requestedAtMs.length === 1 ? Promise.reject(new GladiaError('busy', 'no', 429, 100)) : Promise.resolve();
    };
    const api = { deleteSession } as unknown as GladiaApi;
    const cleanup = new RemoteSessionCleanup(api, settingsFor('http://127.0.0.1', { deletes: true }));
    cleanup.ended('one');
    await until(() => cleanup.pending.length === 0);
    expect(requestedAtMs[1]! - requestedAtMs[0]!).toBeGreaterThanOrEqual(98);
  });

  it('are gone when Gladia does not know them', async () => {
    const { api } = fakeApi([404]);
    const cleanup = new RemoteSessionCleanup(api, settingsFor('http://127.0.0.1', { deletes: true }));
    cleanup.ended('one');
    await until(() => cleanup.pending.length === 0);
  });

  it('are logged at shutdown, and when Gladia never deletes them', async () => {
    const lines: string[] = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => void lines.push(String(line)));
    jest.spyOn(Logger.prototype, 'error').mockImplementation((line: unknown) => void lines.push(String(line)));
    const deletion = { giveUpAfterMs: 30, backoff: { baseMs: 4, capMs: 8 } };
    const cleanup = new RemoteSessionCleanup(
      fakeApi([403]).api,
      settingsFor('http://127.0.0.1', { deletes: true }, { deletion }),
    );
    cleanup.ended('one');
    await until(() => lines.length === 1);
    cleanup.onApplicationShutdown();
    expect(lines).toEqual([expect.stringContaining('one'), 'not yet deleted at Gladia: one']);
  });

  it('are deleted by the next run after a crash', async () => {
    const database = await openDatabase('file::memory:');
    const settings = settingsFor('http://127.0.0.1', { deletes: true });
    const refusing = fakeApi([403]);
    const crashed = new RemoteSessionCleanup(refusing.api, settings, new EngineSessions(database));
    crashed.created('living', 's');
    crashed.created('ended', 's');
    crashed.ended('ended');
    await until(() => refusing.requested.length > 1);
    crashed.onApplicationShutdown();
    const { requested, api } = fakeApi([403, undefined]);
    const next = new RemoteSessionCleanup(api, settings, new EngineSessions(database));
    await next.onModuleInit();
    await until(() => next.pending.length === 0);
    expect(new Set(requested)).toEqual(new Set(['ended', 'living']));
    const third = new RemoteSessionCleanup(api, settings, new EngineSessions(database));
    await third.onModuleInit();
    expect(third.pending).toEqual([]);
    await database.close();
  });

  it('are forgotten when they are read, where they are to be kept, except orphans', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const database = await openDatabase('file::memory:');
    const sessions = new EngineSessions(database);
    const keeping = new RemoteSessionCleanup(fakeApi([403], ['orphan']).api, settingsFor('http://127.0.0.1'), sessions);
    keeping.created('read', 's');
    keeping.ended('read');
    await keeping.deleteOrphans('s', new Set(['read']));
    await until(() => keeping.pending.length === 1);
    keeping.onApplicationShutdown();
    expect(await sessions.unfinished()).toEqual([{ id: 'orphan', toDelete: true }]);
    await database.close();
  });

  it('are deleted when their session is erased, also those that were kept', async () => {
    const database = await openDatabase('file::memory:');
    const sessions = new EngineSessions(database);
    const events = new EventBus(new EventEmitter2());
    const { requested, api } = fakeApi([undefined]);
    const cleanup = new RemoteSessionCleanup(api, settingsFor('http://127.0.0.1'), sessions, events);
    await cleanup.onModuleInit();
    for (const id of ['read', 'used']) cleanup.created(id, 's');
    cleanup.created('other', 'other');
    cleanup.ended('read');
    cleanup.ended('other');
    events.publish(new PersonErased('s', 'alice', ['1.1']));
    await until(() => requested.length === 1);
    // One whose results are not read yet is deleted when they are.
    cleanup.ended('used');
    await until(() => requested.length === 2);
    events.publish(new SessionErased('other'));
    await until(() => requested.length === 3);
    expect(requested).toEqual(['read', 'used', 'other']);
    await until(() => cleanup.pending.length === 0);
    await database.close();
  });

  it('are found and deleted where a request got no answer, even where sessions are kept', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const { requested, api } = fakeApi([403, undefined], ['known', 'orphan']);
    const cleanup = new RemoteSessionCleanup(api, settingsFor('http://127.0.0.1'));
    await cleanup.deleteOrphans('s', new Set(['known']));
    await until(() => cleanup.pending.length === 0);
    expect(requested).toEqual(['orphan', 'orphan']);
  });
});
