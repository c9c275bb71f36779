import { Global, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { Config } from './config.js';
import { parseConfig } from './parse-config.js';

/** Reads `.env` and the environment through `@nestjs/config` once, and hands out the parsed, frozen `Config`. */
@Global()
@Module({
  imports: [ConfigModule.forRoot({ validate: (environment) => ({ config: parseConfig(environment) }) })],
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
