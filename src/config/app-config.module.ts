import { Global, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { Config } from './config.js';
import { parseConfig } from './parse-config.js';

/**
 * Reads `.env` and the environment through `@nestjs/config` once, when the application is created, and hands out the
 * parsed, frozen `Config`. A configuration that does not fit makes the creation fail with ConfigError.
 */
@Global()
@Module({
  imports: [ConfigModule.forRoot({ load: [() => ({ config: parseConfig(process.env) })] })],
  providers: [
    {
      provide: Config,
      inject: [ConfigService],
      useFactory: (service: ConfigService) => service.getOrThrow<Config>('config'),
    },
  ],
  exports: [Config],
})
export class AppConfigModule {}
