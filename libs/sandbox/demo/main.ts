/** `npm run demo`: see it work, with nothing but Node. `--once` ends after one conversation and says whether it was right. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Demo, type DemoResult } from './demo.js';
import { TranscriptTerminal } from './terminal.js';
import { differences, firstGap } from './verdict.js';

const { values: args } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    port: { type: 'string', default: process.env['PORT'] || '3001' },
    verbose: { type: 'boolean', default: false },
  },
});
/** This runs from `dist-sandbox/libs/sandbox/demo/`. */
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');
const PARENT_POLL_MS = 250;

const terminal = new TranscriptTerminal(process.stdout);
const { signal } = interrupted();

process.exitCode = await run().catch((error: unknown) => {
  if (signal.aborted) return 0;
  terminal.note(error instanceof Error ? error.message : String(error));
  return 1;
});

async function run(): Promise<number> {
  const port = await freePort(args.port);
  terminal.note('starting a room, Egress and Gladia from the sandbox, and the service itself …');
  const demo = await Demo.start({
    root: ROOT,
    port,
    onMessage: (message) => terminal.show(message),
    ...(args.verbose && { onServiceLine: (line: string) => terminal.note(line) }),
    signal,
  });
  try {
    terminal.note(`three people are talking; see them too at http://localhost:${port}/ (Ctrl-C ends it)`);
    do await demo.converse();
    while (!args.once);
    return report(await demo.finish());
  } finally {
    await demo.close();
  }
}

/** Aborts on a signal, and when the parent or whoever reads the output is gone: nobody watches the demo then. */
function interrupted(): AbortController {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  // Not once: npm passes on a Ctrl-C that the terminal has sent here already.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  process.stdout.on('error', interrupt);
  const parent = process.ppid;
  // Nothing tells a process that its parent has ended: it gets another parent.
  setInterval(() => process.ppid !== parent && interrupt(), PARENT_POLL_MS).unref();
  return controller;
}

function report({ said, transcripts, seqs }: DemoResult): number {
  const wrong = differences(said, transcripts);
  const gap = firstGap(seqs);
  for (const { speaker, expected, transcribed } of wrong) {
    terminal.note(`${speaker} said:     ${expected || '(nothing)'}`);
    terminal.note(`the room read: ${transcribed || '(nothing)'}`);
  }
  if (gap !== undefined) terminal.note(`the numbers of the messages have a gap before ${gap}`);
  const right = wrong.length === 0 && gap === undefined;
  if (right) terminal.note(`all ${said.length} sentences came back to the room, each under the right name`);
  return right ? 0 : 1;
}

/** The port to listen on: that one, or any free one for 0. @throws Error when it is no port, or cannot be had */
async function freePort(wanted: string): Promise<number> {
  if (!/^\d{1,5}$/.test(wanted) || Number(wanted) > 65_535)
    throw new Error(`${wanted} is not a port: set PORT or --port to a number from 0 (any free port) to 65535`);
  const server = createServer().listen(Number(wanted));
  try {
    await once(server, 'listening');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'in use' : 'not to be had';
    throw new Error(`port ${wanted} is ${why}: end what uses it, or choose another with PORT or --port`, {
      cause: error,
    });
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
