import { Global, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { Config } from './config.js';
import { parseConfig } from './parse-config.js';

/** The configuration as the environment and `.env` have it now. @throws ConfigError */
export const readConfig = (): Config => parseConfig(process.env);

/** Reads `.env` into the environment through `@nestjs/config` and hands out the parsed, frozen `Config`. */
@Global()
@Module({
  imports: [ConfigModule.forRoot({ load: [() => ({ config: readConfig() })] })],
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
