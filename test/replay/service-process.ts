import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'libsql';
import { createService, type Service } from '../../src/service.js';
import type { MemoryNetwork } from './memory-network.js';
import { ProcessScope } from './process-scope.js';
import type { Json, JsonObject } from './recording.js';
import type { VirtualTime } from './virtual-time.js';

export const SERVICE_HOST = 'roomscribe.test';
export const LIVEKIT_HOST = 'livekit.test';
export const GLADIA_HOST = 'gladia.test';
export const KEYS = { apiKey: 'devkey', apiSecret: 'a-secret-of-the-replays-only' };

const SEED = 20_240_501;
const NOT_OURS = /^(sqlite_|kysely_)/;

const USUAL = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'error',
  LIVEKIT_API_KEY: KEYS.apiKey,
  LIVEKIT_API_SECRET: KEYS.apiSecret,
  LIVEKIT_HTTP_URL: `http://${LIVEKIT_HOST}`,
  GLADIA_API_KEY: 'test',
  GLADIA_API_URL: `http://${GLADIA_HOST}`,
  AUTO_START: 'off',
  // How busy the machine is is no matter here.
  OVERLOAD_LOOP_PERCENT: '0',
  SHUTDOWN_GRACE_S: '10',
  EGRESS_WEBSOCKET_BASE_URL: `ws://${SERVICE_HOST}/egress/audio`,
  EGRESS_MAX_CONCURRENT: '10',
};

/** The real service, whole, on a network in memory, and its database in a file. One at a time. */
export class ServiceProcess {
  readonly #folder = mkdtempSync(join(tmpdir(), 'replay-'));
  readonly #signals = (['SIGTERM', 'SIGINT'] as const).map((name) => [name, process.listeners(name)] as const);
  #starts = 0;
  #scope: ProcessScope | undefined;
  #service: Service | undefined;

  constructor(
    private readonly time: VirtualTime,
    private readonly network: MemoryNetwork,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  get #database(): string {
    return join(this.#folder, String(this.#starts), 'roomscribe.db');
  }

  async start(): Promise<void> {
    const former = this.#database;
    this.#starts += 1;
    if (existsSync(former)) cpSync(join(former, '..'), join(this.#database, '..'), { recursive: true });
    else mkdirSync(join(this.#database, '..'), { recursive: true });
    const scope = new ProcessScope(SEED + this.#starts);
    this.#scope = scope;
    this.#service = await this.time.still(scope.run(() => this.#boot()));
  }

  /** As by `kill -9`: it notices nothing. */
  kill(): void {
    this.network.unserve(SERVICE_HOST);
    this.#scope?.kill();
    this.#service = undefined;
  }

  /** Every row of every table. */
  rows(): { readonly table: string; readonly row: JsonObject }[] {
    const file = new Sqlite(this.#database);
    try {
      const tables = file.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all() as {
        name: string;
      }[];
      return tables
        .filter(({ name }) => !NOT_OURS.test(name))
        .flatMap(({ name }) => {
          const rows = file.prepare(`SELECT * FROM "${name}" ORDER BY 1, 2`).all() as Record<string, Json>[];
          return rows.map((row) => ({ table: name, row }));
        });
    } finally {
      file.close();
    }
  }

  async close(): Promise<void> {
    const { app } = this.#service ?? {};
    if (app !== undefined) await this.time.drive(this.#scope!.run(() => app.close()));
    this.kill();
    for (const [name, before] of this.#signals) {
      for (const listener of process.listeners(name)) if (!before.includes(listener)) process.off(name, listener);
    }
  }

  /** Deletes the database. */
  discard(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #boot(): Promise<Service> {
    const before = { ...process.env };
    Object.assign(process.env, USUAL, { DATABASE_URL: `file:${this.#database}` }, this.env);
    try {
      const service = await createService();
      service.app.useLogger(false);
      await service.app.init();
      this.network.serve(SERVICE_HOST, service.app.getHttpServer());
      return service;
    } finally {
      process.env = before;
    }
  }
}
