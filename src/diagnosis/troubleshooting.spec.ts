import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { COMMON_FINDINGS } from './check.js';
import { CHECKS } from './checks.js';
import { troubleshootingPage } from './troubleshooting-page.js';

const page = readFileSync('docs/troubleshooting.md', 'utf8');

describe('docs/troubleshooting.md', () => {
  it('has every row of the table as it is: else run `npm run docs:troubleshooting`', () => {
    expect(page).toBe(troubleshootingPage(page, CHECKS));
  });

  it('names in its symptoms only rows that there are', () => {
    const symptoms = page.slice(page.indexOf('## By symptom'), page.indexOf('## The rows'));
    const named = [...symptoms.matchAll(/\]\(#([^)]+)\)/g)].map(([, row]) => row);
    expect(named.length).toBeGreaterThan(5);
    const rows = CHECKS.map(({ id, question }) => slug(`${id}: ${question}`));
    for (const row of named) expect(rows).toContain(row);
  });

  it('cannot be made without its marks', () => {
    expect(() => troubleshootingPage('# Troubleshooting', CHECKS)).toThrow('lacks');
  });
});

describe('the table', () => {
  it('has one row an id, and says what to do wherever something is broken', () => {
    expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
    for (const { id, findings } of CHECKS) {
      expect(id).toMatch(/^[a-z-]+$/);
      for (const [name, { state, meaning, remedy }] of Object.entries(findings)) {
        expect(Object.keys(COMMON_FINDINGS)).not.toContain(name);
        expect(meaning).toMatch(/\.$/);
        if (state === 'broken') expect([id, name, remedy]).toEqual([id, name, expect.stringMatching(/[.)]$/)]);
      }
    }
  });
});

/** As GitHub makes anchors of headings. */
const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
