import { addFaults, type Faults } from './faults.js';
import { errorReply, type HttpReply } from './http-reply.js';
import type { HttpRequest } from './http-server.js';
import { inspect } from './inspection.js';
import { defaultOptions, type GladiaSandboxOptions } from './options.js';
import type { GladiaSession } from './session.js';
import { isWireFault, wireFaults } from './wire-faults.js';
import type { SessionStore } from './session-store.js';

export const controlPrefix = '/__sandbox/';

/**
 * For other processes what `GladiaSandbox` is for this one:
 * `GET|POST options`, `POST faults`, `GET sessions`, `POST sessions/{id}/close|silence|pause|send|wire`.
 */
export class ControlApi {
  constructor(
    private readonly options: GladiaSandboxOptions,
    private readonly faults: Faults,
    private readonly store: SessionStore,
  ) {}

  handle(request: HttpRequest): HttpReply {
    const [what, id, action] = request.path.slice(controlPrefix.length).split('/');
    const body: Record<string, unknown> = { ...(typeof request.body === 'object' ? request.body : {}) };
    if (what === 'options') return this.#turn(request, body);
    if (what === 'faults' && request.method === 'POST') {
      addFaults(this.faults, body);
      return { status: 200, body: this.faults };
    }
    if (what === 'sessions' && !id) return { status: 200, body: this.store.all.map(inspect) };
    const session = this.store.all.find((one) => one.id === id);
    if (what !== 'sessions' || !session) return errorReply(request.path, 404, 'Not found');
    act(session, action, body);
    return { status: 200, body: inspect(session) };
  }

  #turn(request: HttpRequest, body: Record<string, unknown>): HttpReply {
    const unknown = Object.keys(body).filter((name) => !(name in defaultOptions));
    if (unknown.length > 0) return errorReply(request.path, 400, `unknown options: ${unknown.join(', ')}`);
    Object.assign(this.options, body);
    return { status: 200, body: this.options };
  }
}

/** `close {code}` (without a code the connection is cut), `silence`, `pause {ms}`, `send {text}` or `{base64}`, `wire {fault}`. */
function act(session: GladiaSession, action: string | undefined, body: Readonly<Record<string, unknown>>): void {
  for (const socket of [...session.sockets]) {
    if (action === 'close' && typeof body['code'] === 'number') socket.close(body['code'], 'sandbox');
    else if (action === 'close') socket.destroy();
    if (action === 'silence') socket.fallSilent();
    if (action === 'pause') socket.stopReading(Number(body['ms'] ?? 1_000));
    if (action === 'send' && typeof body['text'] === 'string') socket.send(body['text']);
    if (action === 'wire' && isWireFault(body['fault'])) socket.sendRaw(wireFaults[body['fault']]);
    if (action === 'send' && typeof body['base64'] === 'string') socket.send(Buffer.from(body['base64'], 'base64'));
  }
}
