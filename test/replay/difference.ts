import { describe } from './timeline.js';
import { outputsOf, type Output, type Recording } from './recording.js';

const SHOWN = 5;
const AROUND = 60;

/** What came out otherwise than recorded, for people; undefined when nothing did, to the byte. */
export function difference(expected: Recording, actual: Recording): string | undefined {
  const wanted = outputsOf(expected);
  const got = outputsOf(actual);
  const first = wanted.findIndex((line, i) => !isSame(line, got[i]));
  const at = first < 0 ? wanted.length : first;
  if (first < 0 && got.length === wanted.length) return undefined;
  const lines = [`${expected.header.name}: output ${at + 1} of ${wanted.length} differs (${got.length} came)`];
  for (let i = at; i < Math.max(wanted.length, got.length) && i < at + SHOWN; i++) {
    if (isSame(wanted[i], got[i])) continue;
    lines.push(
      `  recorded ${shown(wanted[i])}`,
      `  replayed ${shown(got[i])}`,
      `           ${where(wanted[i], got[i])}`,
    );
  }
  return lines.join('\n');
}

const isSame = (a: Output | undefined, b: Output | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);
const shown = (line: Output | undefined): string => (line === undefined ? '        nothing' : describe(line));

/** The place in the JSON from which on they differ, since what is shown is cut. */
function where(a: Output | undefined, b: Output | undefined): string {
  if (a === undefined || b === undefined) return '';
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  let i = 0;
  while (left[i] === right[i]) i++;
  const from = Math.max(0, i - AROUND);
  return `…${left.slice(from, i + AROUND)}…  became  …${right.slice(from, i + AROUND)}…`;
}
