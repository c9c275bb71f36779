import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Backoff } from '../waiting/backoff.js';
import { pause } from '../waiting/pause.js';
import { EgressApi, EgressApiError } from './egress-api.js';
import { EgressCircuit } from './egress-circuit.js';
import { EgressService } from './egress.service.js';

const BACKOFF = { baseMs: 1_000, capMs: 30_000 };

/**
 * Ends the egresses that dial this service and belong to no track of it: what an earlier run of it left behind, found when
 * it starts, and what an outage of LiveKit's API left behind, found when that is over. Other services' are never touched.
 */
@Injectable()
export class LeftoverSweep implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger(LeftoverSweep.name);
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;

  constructor(
    private readonly config: Config,
    private readonly api: EgressApi,
    private readonly egress: EgressService,
    private readonly circuit: EgressCircuit,
  ) {}

  /** Nobody waits for it: a service without LiveKit starts all the same. */
  onApplicationBootstrap(): void {
    void this.sweep();
    this.circuit.onChange((open) => {
      if (!open) void this.sweep();
    });
  }

  onApplicationShutdown(): void {
    this.#stopped.abort();
  }

  /** Resolves when LiveKit's list was seen and what was left over is ended, or the service stops. Never rejects. */
  sweep(): Promise<void> {
    this.#running ??= this.#untilSeen().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #untilSeen(): Promise<void> {
    const backoff = new Backoff(BACKOFF, Math.random);
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#once();
        return;
      } catch (error) {
        if (error instanceof EgressApiError && error.fault === 'refused') return;
        await pause(backoff.nextMs(BACKOFF.baseMs), this.#stopped.signal);
      }
    }
  }

  async #once(): Promise<void> {
    const ours = `${this.config.egress.websocketBaseUrl}/`;
    const active = await this.api.listActive();
    const leftOver = active.filter((listed) => listed.url.startsWith(ours) && !this.egress.runs.own(listed));
    for (const { egressId } of leftOver) {
      await this.api.stop(egressId);
      this.#logger.log(`ended ${egressId}, which no track of this service owns`);
    }
  }
}
