import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.mjs';
import { SubjectProcess } from './subject-process.mjs';

const SOURCES = fileURLToPath(new URL('../go', import.meta.url));
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'roomscribe', 'bench');
const PROGRAM = join(CACHE, 'go-peer');
const CHUNK_MS = 40;
const LONGER_THAN_ANY_RUN_S = 3600;

/** Builds the peer in the cache folder. Resolves with why it cannot be had, or undefined. */
export function buildGoPeer() {
  try {
    mkdirSync(CACHE, { recursive: true });
    execFileSync('go', ['build', '-o', PROGRAM, '.'], { cwd: SOURCES, stdio: 'pipe', encoding: 'utf8' });
    return undefined;
  } catch (error) {
    return error.code === 'ENOENT' ? 'there is no go' : `go build: ${(error.stderr ?? error.message).trim()}`;
  }
}

/** The Go chain, sending the same chunks to the same sink. */
export class GoPeer {
  #process;
  #port;

  static async start({ gladiaUrl, processor }) {
    const peer = new GoPeer();
    peer.#port = await freePort();
    const sink = gladiaUrl.replace('http', 'ws');
    const flags = { addr: `127.0.0.1:${peer.#port}`, stt: `${sink}/`, chunk: CHUNK_MS, sec: LONGER_THAN_ANY_RUN_S };
    const args = Object.entries(flags).flatMap(([name, value]) => [`-${name}`, String(value)]);
    peer.#process = new SubjectProcess([PROGRAM, ...args], { processor });
    await peer.#process.listens(peer.#port);
    return peer;
  }

  get pid() {
    return this.#process.pid;
  }

  urlOf(session, track) {
    return `ws://127.0.0.1:${this.#port}/?s=${session}&t=${track}`;
  }

  stop() {
    return this.#process.stop();
  }
}
