// Writes the rows of docs/troubleshooting.md from the table of checks that the doctor uses.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKS } from '../src/diagnosis/checks.js';
import { troubleshootingPage } from '../src/diagnosis/troubleshooting-page.js';

const PAGE = join(import.meta.dirname, '..', 'docs', 'troubleshooting.md');

await writeFile(PAGE, troubleshootingPage(await readFile(PAGE, 'utf8'), CHECKS));
