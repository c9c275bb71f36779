import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { storeConfig, type StoreConfig } from '../config/namespaces.js';
import { Metrics } from '../metrics/metrics.js';
import { DatabaseHealth } from './database.health.js';
import { Database, openDatabase } from './database.js';
import { lockFor } from './dialect.js';
import { queryMetrics } from './query-metrics.js';

/** Another process has the sessions by now: whatever this one did before it ends, such as ending them, would harm those. */
const endAtOnce = (): never => process.exit(1);

/** The database, locked, opened and migrated before any other module starts. */
@Global()
@Module({
  imports: [TerminusModule],
  providers: [
    {
      provide: Database,
      inject: [storeConfig.KEY, Metrics],
      useFactory: async ({ url }: StoreConfig, metrics: Metrics) =>
        openDatabase(url, await lockFor(url, endAtOnce), queryMetrics(metrics)),
    },
    DatabaseHealth,
  ],
  exports: [Database, DatabaseHealth],
})
export class StoreModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  /** The last messages were written before, in the grace period of the sessions. */
  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
