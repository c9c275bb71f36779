import { addFaults, type Faults, isWireFault, wireFaults } from './faults.js';
import { errorReply, type HttpReply, type HttpRequest } from './http-server.js';
import { defaultOptions, type GladiaSandboxOptions } from './options.js';
import type { SessionStore } from './session-store.js';
import type { GladiaSession, SessionState } from './session.js';

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

/** What can be seen of a session from outside. */
export interface SessionInspection {
  readonly id: string;
  readonly state: SessionState;
  readonly isDetached: boolean;
  /** Sockets that were ever opened. */
  readonly connections: number;
  readonly keptBytes: number;
  readonly request: GladiaSession['request'];
  readonly sockets: readonly {
    readonly openedAt: number;
    readonly receivedBytes: number;
    readonly receivedFrames: number;
  }[];
  readonly finals: readonly {
    readonly text: string;
    readonly start: number;
    readonly end: number;
    readonly channel: number;
  }[];
  /** Messages sent, by type. */
  readonly messages: Readonly<Record<string, number>>;
}

export function inspect(session: GladiaSession): SessionInspection {
  const { id, state, isDetached, connections, request, utterances, outbox } = session;
  const messages: Record<string, number> = {};
  for (const text of outbox.sent) {
    const { type } = JSON.parse(text) as { type: string };
    messages[type] = (messages[type] ?? 0) + 1;
  }
  const sockets = [...session.sockets].map(({ openedAt, receivedBytes, receivedFrames }) => ({
    openedAt,
    receivedBytes,
    receivedFrames,
  }));
  const finals = utterances.map(({ text, start, end, channel }) => ({ text, start, end, channel }));
  return {
    id,
    state,
    isDetached,
    connections,
    request,
    messages,
    sockets,
    finals,
    keptBytes: session.intake.keptBytes,
  };
}
