import { existsSync } from 'node:fs';
import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule, registerAs } from '@nestjs/config';
import type { Config } from './config.js';
import { parseConfig } from './parse-config.js';

/**
 * Reads the environment, and `.env` for what it leaves out.
 * @throws ConfigError listing all problems
 */
export function readConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return parseConfig(process.env);
}

/** Provides each namespace of the configuration, everywhere, by its token. */
@Module({})
export class AppConfigModule {
  static register(config: Config): DynamicModule {
    const load = Object.entries(config).map(([name, settings]) => registerAs(name, () => settings));
    const imports = [ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, load })];
    return { module: AppConfigModule, imports };
  }
}
