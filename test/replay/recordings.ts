import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecording, type Recording } from './recording.js';

const SUFFIX = '.jsonl';
/** A replay is never given up because the machine is busy. */
export const PATIENCE_MS = 300_000;

const FOLDER = join(import.meta.dirname, 'recordings');

/** All recordings there are, by name. */
export const recordingNames = (): string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();

export const pathOf = (name: string): string => join(FOLDER, `${name}${SUFFIX}`);

export const loadRecording = (name: string): Recording => readRecording(readFileSync(pathOf(name), 'utf8'));
