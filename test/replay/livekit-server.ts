import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { egressStart, withoutTokens, type EgressAddresses } from './egress-addresses.js';
import { readable, type Outcome } from './outcome.js';
import type { Json, JsonObject } from './recording.js';
import type { VirtualTime } from './virtual-time.js';

/** What a server answers, so long after it was asked; status 0: nothing, ever. */
export interface Answer {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: JsonObject;
  readonly afterMs: number;
}

/** @param n the nth call of that name, from 1 @param start the number of the start call, if it is one */
export type LiveKitAnswers = (call: string, n: number, args: JsonObject, start: number | undefined) => Answer;

interface Arrived {
  readonly call: string;
  readonly text: string;
  readonly response: ServerResponse;
}

/** The server API of LiveKit. Its calls are written down; what it answers is decided elsewhere. */
export class LiveKitServer {
  readonly server: Server;
  readonly #arrived: Arrived[] = [];
  readonly #counts = new Map<string, number>();

  constructor(
    private readonly time: VirtualTime,
    private readonly outcome: Outcome,
    private readonly addresses: EgressAddresses,
    private readonly answers: LiveKitAnswers,
  ) {
    this.server = createServer((request, response) => {
      void bodyOf(request).then((text) => this.#arrive({ call: request.url?.split('/').at(-1) ?? '', text, response }));
    });
  }

  /** Calls of one moment are taken in an order of their own: that in which they arrive hangs on how often code awaits. */
  #arrive(request: Arrived): void {
    if (this.#arrived.push(request) > 1) return;
    this.time.whenQuiet(() => {
      for (const each of this.#arrived.splice(0).sort(inOrder)) this.#serve(each);
    });
  }

  #serve({ call, text, response }: Arrived): void {
    const { status, body = {}, afterMs } = this.#take(call, text);
    if (status === 0) return;
    this.time.after(afterMs, () => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(this.addresses.reveal(body)));
    });
  }

  #take(call: string, text: string): Answer {
    const n = (this.#counts.get(call) ?? 0) + 1;
    this.#counts.set(call, n);
    const args = JSON.parse(text === '' ? '{}' : text) as JsonObject;
    const start = egressStart(call, args);
    const { data, ...rest } = args;
    if (call === 'SendData') this.outcome.output('packet', { ...rest, data: payload(data as string) });
    else this.outcome.output('livekit', { call, args: withoutTokens(args) });
    return this.answers(call, n, args, start && this.addresses.add(start));
  }
}

/** By name and by what is asked; packets stay in their order. */
function inOrder(a: Arrived, b: Arrived): number {
  if (a.call !== b.call) return a.call < b.call ? -1 : 1;
  if (a.call === 'SendData' || a.text === b.text) return 0;
  return a.text < b.text ? -1 : 1;
}

/** A packet's bytes: as JSON where they are the compact JSON that is shown, otherwise in base64. */
function payload(base64: string): Json {
  const bytes = Buffer.from(base64, 'base64');
  const shown = readable(bytes.toString('utf8'));
  return typeof shown === 'string' ? { base64 } : shown;
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
