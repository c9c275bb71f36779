// Writes the rows of docs/troubleshooting.md from the table that the doctor goes by. Run after `npm run build`.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'docs', 'troubleshooting.md');

const { CHECKS } = await import('../dist/src/diagnosis/checks.js');
const { troubleshootingPage } = await import('../dist/src/diagnosis/troubleshooting-page.js');
await writeFile(PAGE, troubleshootingPage(await readFile(PAGE, 'utf8'), CHECKS));
