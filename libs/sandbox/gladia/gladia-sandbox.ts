import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { loadRecordings } from '../recordings/catalogue.js';
import { ControlApi, controlPrefix, inspect, type SessionInspection } from './control-api.js';
import { type Faults, noFaults } from './faults.js';
import { httpServer } from './http-server.js';
import { LiveApi } from './live-api.js';
import type { LiveConnection } from './outbox.js';
import { defaultOptions, type GladiaSandboxOptions } from './options.js';
import { Lexicon } from './recogniser/lexicon.js';
import { SessionStore } from './session-store.js';
import type { GladiaSession } from './session.js';
import { Upgrade } from './upgrade.js';

/** A request that came, and the time of its coming (ms since the epoch). */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly at: number;
}

/** A running fake of Gladia's live API that recognises the bundled recordings. */
export interface GladiaSandbox {
  /** `http://127.0.0.1:port`, what a client takes for the service's base URL. */
  readonly url: string;
  readonly port: number;
  /** The knobs; may be turned at any time. */
  readonly options: GladiaSandboxOptions;
  /** The faults that wait; push to them. */
  readonly faults: Faults;
  /** HTTP requests and upgrades so far, without the sandbox's own. */
  readonly requests: readonly SeenRequest[];
  /** What can be seen of each session, oldest first. */
  sessions(): SessionInspection[];
  /** The sound that a session kept, as a WAV. */
  wavOf(sessionId: string): Buffer;
  /** The open sockets of a session, to close, silence, pause or send through. */
  socketsOf(sessionId: string): LiveConnection[];
  /** Ends all sockets and timers. Idempotent. */
  close(): Promise<void>;
}

/** Starts a fake Gladia on 127.0.0.1. */
export async function startGladiaSandbox(given: Partial<GladiaSandboxOptions> = {}): Promise<GladiaSandbox> {
  const options = { ...defaultOptions, ...given };
  const faults = noFaults();
  const store = new SessionStore(options);
  const requests: SeenRequest[] = [];
  const live = new LiveApi(options, faults, store, bundledLexicon());
  const control = new ControlApi(options, faults, store);
  const upgrade = new Upgrade(options, faults, store);
  const see = (method: string, path: string): void => void requests.push({ method, path, at: Date.now() });
  const server = httpServer((request) => {
    if (request.path.startsWith(controlPrefix)) return control.handle(request);
    see(request.method, request.path);
    return live.handle(request);
  });
  server.on('upgrade', (request, connection, head) => {
    see('UPGRADE', '/v2/live');
    if (connection instanceof Socket) upgrade.handle(request, connection, head);
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const found = (id: string): GladiaSession => mustFind(store, id);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    options,
    faults,
    requests,
    sessions: () => store.all.map(inspect),
    wavOf: (id) => found(id).intake.toWav(),
    socketsOf: (id) => [...found(id).sockets],
    close: () => stop(server, store, upgrade),
  };
}

function mustFind(store: SessionStore, id: string): GladiaSession {
  const session = store.all.find((one) => one.id === id);
  if (!session) throw new Error(`no session ${id}`);
  return session;
}

async function stop(server: Server, store: SessionStore, upgrade: Upgrade): Promise<void> {
  store.close();
  upgrade.close();
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

let lexicon: Lexicon | undefined;

/** What the bundled recordings teach; it never changes, so all sandboxes of a process share it. */
export function bundledLexicon(): Lexicon {
  lexicon ??= new Lexicon(loadRecordings());
  return lexicon;
}
