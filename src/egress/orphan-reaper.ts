import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { errorKind } from '../logging/error-kind.js';
import { Backoff } from '../async/backoff.js';
import { withTimeout } from '../async/with-timeout.js';
import { sleep } from '../async/sleep.js';
import { EgressApi, EgressApiError } from './egress-api.js';
import { EgressCircuit } from './egress-circuit.js';
import { EgressInventory } from './egress-inventory.js';
import { Deferred } from '../async/deferred.js';

const BACKOFF = { baseMs: 1_000, capMs: 30_000 };
/** How long the start of the service waits for LiveKit's list. */
const MAX_LIST_WAIT_MS = 1_000;

/**
 * Stops orphaned egresses: those of this deployment that belong to none of its runs. They are found at its start (from an
 * earlier process) and after an outage of LiveKit's API. One that cannot be stopped is tried again, and holds up no other.
 * Egresses of other services are never touched.
 */
@Injectable()
export class OrphanReaper implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(OrphanReaper.name);
  readonly #stopped = new AbortController();
  /** Found and not stopped yet, by egress id. */
  readonly #orphans = new Set<string>();
  /** Those of which was logged that they cannot be stopped. */
  readonly #failed = new Set<string>();
  #running: Promise<void> | undefined;

  constructor(
    private readonly api: EgressApi,
    private readonly inventory: EgressInventory,
    private readonly circuit: EgressCircuit,
  ) {}

  /**
   * All that LiveKit lists before sessions are recovered is orphaned, even where a track of such a session will use the
   * same address. The service starts although LiveKit does not answer.
   */
  async onModuleInit(): Promise<void> {
    this.circuit.onChange((open) => {
      if (!open) void this.sweep();
    });
    const listed = new Deferred();
    void this.sweep(listed);
    await withTimeout(listed.promise, MAX_LIST_WAIT_MS, undefined);
  }

  onApplicationShutdown(): void {
    this.#stopped.abort();
  }

  /**
   * Resolves when LiveKit has listed its egresses and the orphans are stopped, or the service stops. Never rejects.
   * @param listed resolved after the first list call, whether it succeeded or not
   */
  sweep(listed = new Deferred()): Promise<void> {
    this.#running ??= this.#sweepUntilDone(listed).finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #sweepUntilDone(listed: Deferred): Promise<void> {
    const backoff = new Backoff(BACKOFF, Math.random);
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#findOrphans().finally(() => listed.resolve());
        if (await this.#stopOrphans()) return;
      } catch (error) {
        if (error instanceof EgressApiError && error.fault === 'refused') return;
      }
      await sleep(backoff.nextMs(BACKOFF.baseMs), this.#stopped.signal);
    }
  }

  async #findOrphans(): Promise<void> {
    const { orphans } = await this.inventory.list();
    for (const { egressId } of orphans) this.#orphans.add(egressId);
  }

  /** Resolves with whether all are stopped. */
  async #stopOrphans(): Promise<boolean> {
    for (const egressId of [...this.#orphans]) {
      try {
        await this.api.stop(egressId);
        this.#orphans.delete(egressId);
        this.#failed.delete(egressId);
        this.#logger.log(`stopped ${egressId}, which no track of this service owns`);
      } catch (error) {
        if (!this.#failed.has(egressId)) this.#logger.warn(`${egressId} cannot be stopped yet: ${errorKind(error)}`);
        this.#failed.add(egressId);
      }
    }
    return this.#orphans.size === 0;
  }
}
