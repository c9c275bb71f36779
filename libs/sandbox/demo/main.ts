/** `npm run demo`: see it work, with nothing but Node. `--once` ends after one conversation and says whether it was right. */
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Demo, type DemoResult } from './demo.js';
import { TranscriptTerminal } from './terminal.js';
import { differences, firstGap } from './verdict.js';

const { values: args } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    port: { type: 'string', default: '3001' },
    verbose: { type: 'boolean', default: false },
  },
});
/** This runs from `dist/libs/sandbox/demo/`. */
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');

const terminal = new TranscriptTerminal(process.stdout);
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());

process.exitCode = await run(Number(args.port)).catch((error: unknown) => {
  terminal.note(error instanceof Error ? error.message : String(error));
  return 1;
});

async function run(port: number): Promise<number> {
  if (!(await isFree(port))) throw new Error(`port ${port} is in use: end what uses it, or choose one with --port`);
  terminal.note('starting a room, Egress and Gladia from the sandbox, and the service itself …');
  const demo = await Demo.start({
    root: ROOT,
    port,
    onMessage: (message) => terminal.show(message),
    ...(args.verbose && { onServiceLine: (line: string) => terminal.note(line) }),
  });
  try {
    terminal.note(`three people are talking; see them too at http://localhost:${port}/ (Ctrl-C ends it)`);
    do await demo.converse(interrupted.signal);
    while (!args.once && !interrupted.signal.aborted);
    return args.once && !interrupted.signal.aborted ? report(await demo.finish()) : 0;
  } finally {
    await demo.close();
  }
}

function report({ said, transcripts, seqs }: DemoResult): number {
  const wrong = differences(said, transcripts);
  const gap = firstGap(seqs);
  for (const { speaker, expected, heard } of wrong) {
    terminal.note(`${speaker} said:     ${expected || '(nothing)'}`);
    terminal.note(`the room read: ${heard || '(nothing)'}`);
  }
  if (gap !== undefined) terminal.note(`the numbers of the messages have a gap before ${gap}`);
  const right = wrong.length === 0 && gap === undefined;
  if (right) terminal.note(`all ${said.length} sentences came back to the room, each under the right name`);
  return right ? 0 : 1;
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolvePort) => {
    const probe = createServer().once('error', () => resolvePort(false));
    probe.listen(port, () => probe.close(() => resolvePort(true)));
  });
}
