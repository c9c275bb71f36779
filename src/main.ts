import 'reflect-metadata';
import { inspect } from 'node:util';
import { ConfigError } from './config/parse-config.js';
import { createService } from './service.js';
import { DatabaseUnusable } from './store/database-unusable.js';

// Whatever the service writes holds what people said: it is for this user alone.
process.umask(0o077);

try {
  const service = await createService();
  await service.start();
} catch (error) {
  // Their message says what to do; a stack would only hide it.
  const isPlain = error instanceof ConfigError || error instanceof DatabaseUnusable;
  process.stderr.write(`${isPlain ? error.message : inspect(error)}\n`);
  process.exit(1);
}
