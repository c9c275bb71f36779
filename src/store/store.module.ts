import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { storeConfig, type StoreConfig } from '../config/namespaces.js';
import { Database, openDatabase } from './database.js';
import { DatabaseHealth } from './database.health.js';

/** The database, opened and brought up to date before any other module begins. */
@Global()
@Module({
  imports: [TerminusModule],
  providers: [
    { provide: Database, inject: [storeConfig.KEY], useFactory: ({ url }: StoreConfig) => openDatabase(url) },
    DatabaseHealth,
  ],
  exports: [Database, DatabaseHealth],
})
export class StoreModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  /** After the last words were written, which is done before the servers close. */
  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
