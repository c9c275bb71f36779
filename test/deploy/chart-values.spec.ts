import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { environmentSchema } from '../../src/config/config-schema.js';

const CHART = 'deploy/helm';
const templates = readdirSync(join(CHART, 'templates'))
  .map((name) => readFileSync(join(CHART, 'templates', name), 'utf8'))
  .join('\n');

/** The paths of all values: `image.tag`. A map that users fill, empty in `values.yaml`, is one value. */
function pathsOf(value: unknown, path: readonly string[] = []): string[] {
  const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
  if (!isGroup || path.at(-1) === 'resources' || path.at(-1) === 'labels') return [path.join('.')];
  return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]));
}

describe('the chart', () => {
  const values = pathsOf(parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')));
  const used = new Set([...templates.matchAll(/\.Values\.([\w.]+)/g)].map(([, path]) => path!));

  it.each(values)('uses the value %s', (path) => {
    expect([...used].some((each) => each === path || each.startsWith(`${path}.`))).toBe(true);
  });

  it('uses no value that values.yaml does not show', () => {
    const isShown = (path: string): boolean => values.some((each) => each === path || path.startsWith(`${each}.`));
    expect([...used].filter((path) => !isShown(path))).toEqual([]);
  });

  it('names in its templates only settings that the service reads', () => {
    const named = [...templates.matchAll(/\b([A-Z]+(?:_[A-Z0-9]+)+)\b/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !(name in environmentSchema.shape))).toEqual([]);
  });
});
