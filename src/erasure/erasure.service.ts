import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '../async/interval.js';
import { storeConfig, type StoreConfig } from '../config/namespaces.js';
import { PersonErased, SessionErased } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { errorKind } from '../logging/error-kind.js';
import { ErasureStore, type ErasedWords } from './erasure-store.js';

const RETENTION_EVERY_MS = 3_600_000;
const PURGE_EVERY_MS = 10_000;
const DAY_MS = 86_400_000;

/**
 * Erases what was said: from the database and its files here; from memory and at the speech-to-text engine by the modules
 * that hold it, which learn of it by SessionErased and PersonErased. What is older than the retention time goes the same way.
 */
@Injectable()
export class ErasureService implements OnApplicationBootstrap {
  readonly #logger = new Logger(ErasureService.name);
  #mustPurge = false;

  constructor(
    @Inject(storeConfig.KEY) private readonly config: StoreConfig,
    private readonly store: ErasureStore,
    private readonly events: EventBus,
  ) {}

  onApplicationBootstrap(): void {
    setImmediate(() => void this.eraseOld());
  }

  /** Erases a session that has ended. Idempotent. Rejects when the database cannot be asked; then it can be repeated. */
  async eraseSession(id: string): Promise<void> {
    // First from memory, so that nothing is written again.
    this.events.publish(new SessionErased(id));
    await this.store.eraseSession(id);
    // What was being written meanwhile.
    await this.store.eraseSession(id);
    await this.#purge();
    this.#logger.log(`session ${id} is erased`);
  }

  /** Erases what a person said in all sessions of a room. Rejects when the database cannot be asked. */
  async erasePerson(room: string, identity: string): Promise<ErasedWords[]> {
    const erased = await this.#eraseWritten(room, identity);
    // What was on its way to the database meanwhile.
    const late = await this.#eraseWritten(room, identity);
    await this.#purge();
    return [...erased, ...late];
  }

  /** Erases sessions that are older than the retention time. */
  @Interval(RETENTION_EVERY_MS)
  async eraseOld(): Promise<void> {
    const { retentionDays } = this.config;
    if (retentionDays === 0) return;
    let count = 0;
    try {
      const beforeUnixMs = Date.now() - retentionDays * DAY_MS;
      for (let ids = await this.store.endedBefore(beforeUnixMs); ids.length > 0;) {
        for (const id of ids) await this.eraseSession(id);
        count += ids.length;
        ids = await this.store.endedBefore(beforeUnixMs);
      }
    } catch (error) {
      this.#logger.warn(`old sessions cannot be erased for now: ${errorKind(error)}`);
    }
    if (count > 0) this.#logger.log(`${count} sessions were older than ${retentionDays} days and are erased`);
  }

  @Interval(PURGE_EVERY_MS)
  async purgeLater(): Promise<void> {
    if (this.#mustPurge) await this.#purge();
  }

  async #eraseWritten(room: string, identity: string): Promise<ErasedWords[]> {
    const erased = await this.store.erasePerson(room, identity);
    for (const { sessionId, segmentIds } of erased)
      this.events.publish(new PersonErased(sessionId, identity, segmentIds));
    return erased;
  }

  async #purge(): Promise<void> {
    this.#mustPurge = !(await this.store.purgeFiles().catch(() => false));
  }
}
