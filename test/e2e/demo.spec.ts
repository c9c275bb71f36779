import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../free-port.js';

const MAIN = 'dist-sandbox/libs/sandbox/demo/main.js';
/** `npm run demo` without the builds that come before it. */
const NPM_RUN_DEMO = ['npm', 'run', '--silent', '--ignore-scripts', 'demo', '--'];

/** A demo in a process group of its own, as in a terminal. Its fake Gladia writes to the same stderr. */
class DemoRun {
  output = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown[]>;

  constructor([command = '', ...args]: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(command, args, {
      detached: true,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr] as Readable[])
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.#ended = once(this.#child, 'close');
  }

  /** Resolves when it has printed that. */
  async prints(text: string): Promise<void> {
    while (!this.output.includes(text)) await once(this.#child.stdout as Readable, 'data');
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  killGroup(signal: NodeJS.Signals): void {
    process.kill(-(this.#child.pid as number), signal);
  }

  /** The exit code, as soon as nobody holds its output: npm, the demo and the fake Gladia are gone. */
  async ended(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }

  /** Ends what a failed test has left. */
  clear(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.killGroup('SIGKILL');
  }
}

/** Resolves when the other end is gone. */
const closed = async (connection: Socket): Promise<unknown> => once(connection.resume(), 'close');

/** Resolves when the port is free: a process that was killed may close its connections before its listening socket. */
async function portFreed(port: number): Promise<void> {
  for (;;) {
    const server = createServer().listen(port);
    const outcome = await Promise.race([
      once(server, 'listening').then(() => 'listening'),
      once(server, 'error').then(([error]) => (error as NodeJS.ErrnoException).code),
    ]).catch((error: unknown) => (error as NodeJS.ErrnoException).code);
    server.close();
    if (outcome === 'listening') return;
    if (outcome !== 'EADDRINUSE') throw new Error(`cannot listen: ${String(outcome)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('npm run demo', () => {
  let demo: DemoRun;

  afterEach(() => demo.clear());

  /** A demo in which people talk, and a connection to its service. */
  async function talking(command = NPM_RUN_DEMO): Promise<{ port: number; service: Socket }> {
    const port = await freePort();
    demo = new DemoRun(command, { PORT: String(port) });
    await demo.prints(`http://localhost:${port}/`);
    const service = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(service, 'connect');
    return { port, service };
  }

  it('ends after one conversation with exit code 0, and every sentence under the right name', async () => {
    demo = new DemoRun([process.execPath, MAIN, '--once', '--port', String(await freePort())]);
    const code = await demo.ended();
    expect(demo.output).toContain('each under the right name');
    expect(code).toBe(0);
  });

  it.each<[string, () => void]>([
    ['Ctrl-C', () => demo.killGroup('SIGINT')],
    ['SIGTERM', () => demo.kill('SIGTERM')],
    ['SIGTERM to its process group', () => demo.killGroup('SIGTERM')],
  ])('ends cleanly on %s and leaves neither a process nor its port', async (_, interrupt) => {
    const { port, service } = await talking();
    interrupt();
    const [code] = await Promise.all([demo.ended(), closed(service)]);
    expect(code).toBe(0);
    expect(demo.output).not.toContain('Error');
    await portFreed(port);
  });

  it.each<[string, readonly string[]]>([
    ['its parent is killed', NPM_RUN_DEMO],
    ['its own process is killed', [process.execPath, MAIN]],
  ])('leaves neither a process nor its port when %s', async (_, command) => {
    const { port, service } = await talking([...command]);
    demo.kill('SIGKILL');
    await Promise.all([demo.ended(), closed(service)]);
    expect(demo.output).not.toContain('Error');
    await portFreed(port);
  });

  it('can be interrupted while it starts', async () => {
    demo = new DemoRun(NPM_RUN_DEMO, { PORT: '0' });
    await demo.prints('starting');
    demo.killGroup('SIGINT');
    expect(await demo.ended()).toBe(0);
    expect(demo.output).not.toContain('Error');
  });

  it('takes any free port for PORT=0', async () => {
    demo = new DemoRun([process.execPath, MAIN], { PORT: '0' });
    await demo.prints('three people are talking');
    const port = /localhost:(\d+)/.exec(demo.output)?.[1] as string;
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
    demo.kill('SIGTERM');
    expect(await demo.ended()).toBe(0);
  });

  it('says what to do about a port that is in use', async () => {
    const server = createServer().listen(0);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    demo = new DemoRun([process.execPath, MAIN], { PORT: String(port) });
    expect(await demo.ended()).toBe(1);
    expect(demo.output).toBe(`· port ${port} is in use: end what uses it, or choose another with PORT or --port\n`);
    server.close();
  });

  it('says what a port is when PORT is none', async () => {
    demo = new DemoRun([process.execPath, MAIN], { PORT: 'eighty' });
    expect(await demo.ended()).toBe(1);
    expect(demo.output).toContain('eighty is not a port');
  });
});
