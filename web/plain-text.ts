import { textOf, type Segment } from '../libs/client/index.js';
import { make } from './part.js';
import { speakerOf } from './rows.js';

/** All finals as text, a line each, in the reader's language. */
export const plainTextOf = (segments: readonly Segment[], language: string): string =>
  segments
    .filter(({ final, text }) => final && text !== '')
    .map(
      (segment) =>
        `[${segment.startedAt.slice(0, 19).replace('T', ' ')}] ${speakerOf(segment)}: ${textOf(segment, language).text}\n`,
    )
    .join('');

/** Saves a text as a file. */
export function save(text: string, fileName: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  make('a', { href: url, download: fileName }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
