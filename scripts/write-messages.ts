// Writes what is published of the messages' schemas: JSON Schema, AsyncAPI and the client library's types.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publishedFiles } from './messages/published-files.js';

const ROOT = join(import.meta.dirname, '..');

for (const [path, content] of await publishedFiles()) await writeFile(join(ROOT, path), content);
