import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');
const PATH = /`((?:src|libs|test|scripts|web|docs)\/[\w./-]+)`/g;

describe.each(['docs/glossary.md', 'docs/architecture.md'])('%s', (page) => {
  it('names only files and folders that exist', () => {
    const paths = [...readFileSync(resolve(ROOT, page), 'utf8').matchAll(PATH)].map(([, path]) => path!);
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => !existsSync(resolve(ROOT, path)))).toEqual([]);
  });
});
