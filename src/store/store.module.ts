import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Config } from '../config/config.js';
import { Database, openDatabase } from './database.js';
import { DatabaseHealth } from './database.health.js';

/** The database, opened and migrated before any other module starts. */
@Global()
@Module({
  imports: [TerminusModule],
  providers: [
    { provide: Database, inject: [Config], useFactory: ({ store }: Config) => openDatabase(store.url) },
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
