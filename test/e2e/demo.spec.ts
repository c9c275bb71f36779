import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { freePort } from '../free-port.js';

describe('npm run demo', () => {
  it('ends after one conversation with exit code 0, and every sentence under the right name', async () => {
    const port = String(await freePort());
    const demo = spawn(process.execPath, ['dist/libs/sandbox/demo/main.js', '--once', '--port', port], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output, [code]] = await Promise.all([text(demo.stdout), once(demo, 'exit')]);
    expect(output).toContain('each under the right name');
    expect(code).toBe(0);
  });
});
