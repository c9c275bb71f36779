import 'reflect-metadata';
import { inspect } from 'node:util';
import { ConfigError } from './config/parse-config.js';
import { createService } from './service.js';

try {
  const service = await createService();
  await service.start();
} catch (error) {
  // The list of keys is the whole message; a stack would only hide it.
  process.stderr.write(`${error instanceof ConfigError ? error.message : inspect(error)}\n`);
  process.exit(1);
}
