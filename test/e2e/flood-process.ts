import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { nodeProgram } from '../node-program.js';

export interface Found {
  readonly connected: number;
  readonly peak: number;
  readonly answered: number;
  readonly upgraded: number;
  readonly seconds: number;
}

/** Hostile peers, in a process of their own. @returns when all have connected, and what became of them */
export function flood(url: string, kind: 'hold' | 'forge', count: number, atOnce = count) {
  const script = nodeProgram(new URL('flood-peers.ts', import.meta.url));
  const child = spawn(process.execPath, [script, new URL(url).port, kind, String(count), String(atOnce)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const line = (wanted: (text: string) => boolean): Promise<string> =>
    new Promise((resolve) => lines.on('line', (text) => wanted(text) && resolve(text)));
  const connected = line((text) => text === 'all');
  const over = line((text) => text !== 'all').then((text) => JSON.parse(text) as Found);
  return { connected, over };
}
