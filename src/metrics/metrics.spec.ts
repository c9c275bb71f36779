import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

describe('Metrics', () => {
  it('reads gauges and totals at each scrape', async () => {
    const metrics = new Metrics();
    let count = 3;
    metrics.total('pieces_total', 'pieces', () => count);
    metrics.gaugeBy('kind', 'open', 'what is open', () => (count > 3 ? { b: 2 } : { a: 1, b: 1 }));
    const lines = async (): Promise<string[]> =>
      (await metrics.registry.metrics()).split('\n').filter((line) => /^roomscribe_(pieces|open)/.test(line));
    expect(await lines()).toEqual([
      'roomscribe_pieces_total 3',
      'roomscribe_open{kind="a"} 1',
      'roomscribe_open{kind="b"} 1',
    ]);
    count = 5;
    expect(await lines()).toEqual(['roomscribe_pieces_total 5', 'roomscribe_open{kind="b"} 2']);
  });

  it('says which release this is', async () => {
    expect(await new Metrics().registry.metrics()).toMatch(/^roomscribe_build_info\{version="\d+\.\d+\.\d+"\} 1$/m);
  });
});
