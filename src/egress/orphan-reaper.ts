import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Backoff } from '../async/backoff.js';
import { withTimeout } from '../async/with-timeout.js';
import { sleep } from '../async/sleep.js';
import { EgressApi, EgressApiError, type ListedEgress } from './egress-api.js';
import { EgressCircuit } from './egress-circuit.js';
import { EgressService } from './egress.service.js';
import { Deferred } from '../async/deferred.js';

const BACKOFF = { baseMs: 1_000, capMs: 30_000 };
/** How long the start of the service waits for LiveKit's list. */
const LISTED_WITHIN_MS = 1_000;

/**
 * Ends the egresses that dial this service and belong to no track of it: what an earlier run of it left behind, found when
 * it starts, and what an outage of LiveKit's API left behind, found when that is over. Other services' are never touched.
 */
@Injectable()
export class OrphanReaper implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(OrphanReaper.name);
  readonly #stopped = new AbortController();
  /** Found, and not ended yet. */
  readonly #leftOver = new Set<string>();
  #running: Promise<void> | undefined;

  constructor(
    private readonly config: Config,
    private readonly api: EgressApi,
    private readonly egress: EgressService,
    private readonly circuit: EgressCircuit,
  ) {}

  /**
   * What LiveKit lists before a session is taken up is left over, even where a track of that session will dial the same
   * path. A service without LiveKit starts all the same.
   */
  async onModuleInit(): Promise<void> {
    this.circuit.onChange((open) => {
      if (!open) void this.sweep();
    });
    const asked = new Deferred();
    void this.sweep(asked);
    await withTimeout(asked.promise, LISTED_WITHIN_MS, undefined);
  }

  onApplicationShutdown(): void {
    this.#stopped.abort();
  }

  /**
   * Resolves when LiveKit's list was seen and what was left over is ended, or the service stops. Never rejects.
   * @param asked happens when LiveKit was asked once, whatever it said
   */
  sweep(asked = new Deferred()): Promise<void> {
    this.#running ??= this.#untilDone(asked).finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #untilDone(asked: Deferred): Promise<void> {
    const backoff = new Backoff(BACKOFF, Math.random);
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#find().finally(() => asked.resolve());
        await this.#end();
        return;
      } catch (error) {
        if (error instanceof EgressApiError && error.fault === 'refused') return;
        await sleep(backoff.nextMs(BACKOFF.baseMs), this.#stopped.signal);
      }
    }
  }

  async #find(): Promise<void> {
    const active = await this.api.listActive();
    for (const listed of active) if (this.#isLeftOver(listed)) this.#leftOver.add(listed.egressId);
  }

  #isLeftOver(listed: ListedEgress): boolean {
    return listed.url.startsWith(`${this.config.egress.websocketBaseUrl}/`) && !this.egress.runs.includes(listed);
  }

  async #end(): Promise<void> {
    for (const egressId of this.#leftOver) {
      await this.api.stop(egressId);
      this.#leftOver.delete(egressId);
      this.#logger.log(`ended ${egressId}, which no track of this service owns`);
    }
  }
}
