import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../free-port.js';
import { ROOT } from '../machine.js';
import type { Peer, PeerOptions } from './peer.js';
import { SubjectProcess } from './subject-process.js';

const SOURCES = join(ROOT, 'test', 'bench', 'go');
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'roomscribe', 'bench');
const PROGRAM = join(CACHE, 'go-peer');
const CHUNK_MS = 40;
const LONGER_THAN_ANY_RUN_S = 3600;

/** Builds the peer in the cache folder. Returns why it is not available, or undefined. */
export function buildGoPeer(): string | undefined {
  try {
    mkdirSync(CACHE, { recursive: true });
    execFileSync('go', ['build', '-o', PROGRAM, '.'], { cwd: SOURCES, stdio: 'pipe', encoding: 'utf8' });
    return undefined;
  } catch (error) {
    const { code, stderr, message } = error as Error & { code?: string; stderr?: string };
    return code === 'ENOENT' ? 'there is no go' : `go build: ${(stderr ?? message).trim()}`;
  }
}

/** The Go chain, sending the same chunks to the same sink. */
export class GoPeer implements Peer {
  private constructor(
    private readonly process: SubjectProcess,
    private readonly port: number,
  ) {}

  static async start({ gladiaUrl, processor }: PeerOptions): Promise<GoPeer> {
    const port = await freePort();
    const sink = gladiaUrl.replace('http', 'ws');
    const flags = { addr: `127.0.0.1:${port}`, stt: `${sink}/`, chunk: CHUNK_MS, sec: LONGER_THAN_ANY_RUN_S };
    const args = Object.entries(flags).flatMap(([name, value]) => [`-${name}`, String(value)]);
    const process = new SubjectProcess([PROGRAM, ...args], { processor });
    await process.listens(port);
    return new GoPeer(process, port);
  }

  get pid(): number {
    return this.process.pid;
  }

  urlOf(session: number, track: number): string {
    return `ws://127.0.0.1:${this.port}/?s=${session}&t=${track}`;
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
