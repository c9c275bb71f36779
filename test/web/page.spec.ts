import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { buildPage } from '../../scripts/page.js';

const MOST_BYTES = 40_000;

describe('the caption page', () => {
  it(`is at most ${MOST_BYTES} bytes in all, compressed`, async () => {
    const sizes = (await buildPage()).map((path) => gzipSync(readFileSync(path)).byteLength);
    expect(sizes).toHaveLength(3);
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('fits its content security policy: no inline script, style or handler', () => {
    const html = readFileSync('web/index.html', 'utf8');
    expect(html).not.toMatch(/<style|style=|\son[a-z]+=|<script(?![^>]*\ssrc=)/i);
  });
});
