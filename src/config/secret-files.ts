import { readFileSync } from 'node:fs';
import { SECRET_SETTINGS } from './config-schema.js';

interface WithSecrets {
  readonly environment: Readonly<Record<string, unknown>>;
  readonly problems: readonly string[];
}

/**
 * Reads each secret whose `NAME_FILE` is set, without white space at its end, as editors and `echo` leave it.
 * @returns the environment with what was read, and a sentence for each file that gives no secret
 */
export function withSecretFiles(environment: Readonly<Record<string, unknown>>): WithSecrets {
  const read: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of SECRET_SETTINGS) {
    const path = environment[`${name}_FILE`];
    if (typeof path !== 'string' || path === '') continue;
    if (environment[name] !== undefined) {
      problems.push(`${name} and ${name}_FILE are both set: unset one of them`);
      continue;
    }
    try {
      read[name] = readFileSync(path, 'utf8').trimEnd();
      if (read[name] === '') problems.push(`${name}_FILE names an empty file: write the value into it`);
    } catch (error) {
      problems.push(
        `${name}_FILE names a file that cannot be read (${(error as NodeJS.ErrnoException).code}): is it there, for this user?`,
      );
    }
  }
  return { environment: { ...environment, ...read }, problems };
}
