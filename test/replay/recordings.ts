import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecording, type Recording } from './recording.js';

const SUFFIX = '.jsonl';
/** Two replays cannot be under way at once, so that one must not be given up on a busy machine. */
export const PATIENCE_MS = 300_000;

const FOLDER = join(import.meta.dirname, 'recordings');

/** All recordings there are, by name. */
export const recordingNames = (): string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();

export const loadRecording = (name: string): Recording =>
  readRecording(readFileSync(join(FOLDER, `${name}${SUFFIX}`), 'utf8'));
