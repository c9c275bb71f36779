import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Recording } from './recording.js';
import { readWav } from './wav.js';

type Entry = Omit<Recording, 'samples'>;

/** Every bundled recording, in the catalogue's order. Reads the files at each call; throws when they are missing. */
export function loadRecordings(): Recording[] {
  const folder = dataFolder();
  const catalogue = JSON.parse(readFileSync(join(folder, 'catalogue.json'), 'utf8')) as Entry[];
  return catalogue.map((entry) => ({ ...entry, samples: readSamples(join(folder, `${entry.id}.wav`)) }));
}

/** The data stays in `libs/` while a built module runs from `dist/`, so it is found from the package's root. */
function dataFolder(): string {
  return join(packageRoot(dirname(fileURLToPath(import.meta.url))), 'libs', 'sandbox', 'recordings', 'data');
}

function packageRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('no package.json above the sandbox recordings');
  return packageRoot(parent);
}

function readSamples(path: string): Int16Array {
  const { sampleRateHz, channels, samples } = readWav(readFileSync(path));
  if (sampleRateHz !== 16_000 || channels !== 1) throw new Error(`${path} is not 16 kHz mono`);
  return samples;
}
