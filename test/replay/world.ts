import { createHash } from 'node:crypto';
import { AccessToken } from 'livekit-server-sdk';
import { EgressAddresses } from './egress-addresses.js';
import { EgressStreams } from './egress-streams.js';
import { GladiaServer, type EngineBrain } from './gladia-server.js';
import { LiveKitServer, type LiveKitAnswers } from './livekit-server.js';
import { MemoryNetwork } from './memory-network.js';
import { Outcome, readable } from './outcome.js';
import type { Caller, Header, Input, Json, JsonObject, TimedInput } from './recording.js';
import { RoomSound } from './room-sound.js';
import { GLADIA_HOST, KEYS, LIVEKIT_HOST, SERVICE_HOST, ServiceProcess } from './service-process.js';
import { VirtualTime } from './virtual-time.js';

export const START_UNIX_MS = Date.UTC(2024, 4, 1, 12);
export const ROOM = 'replay';
/** How long a message of the engine is under way. */
export const MESSAGE_MS = 2;

type On<D extends Input['do']> = Extract<Input, { do: D }>;

/** The service and all that is around it, in virtual time. One at a time in a process. */
export class World {
  readonly time = new VirtualTime(START_UNIX_MS);
  readonly outcome = new Outcome(() => this.time.nowMs);
  readonly network = new MemoryNetwork();
  readonly addresses = new EgressAddresses();
  readonly gladia: GladiaServer;
  readonly #sessions: string[] = [];
  readonly #tracks = new Set<string>();
  readonly #sound = new RoomSound();
  readonly #streams: EgressStreams;
  readonly #service: ServiceProcess;
  readonly #livekit: LiveKitServer;

  constructor(header: Header, livekit: LiveKitAnswers, engine: EngineBrain) {
    this.network.install();
    this.#service = new ServiceProcess(this.time, this.network, header.env);
    this.#livekit = new LiveKitServer(this.time, this.outcome, this.addresses, livekit);
    this.gladia = new GladiaServer(this.time, this.outcome, engine);
    this.#streams = new EgressStreams(this.time, this.outcome, this.addresses, this.#sound, () => [...this.#tracks]);
    this.network.serve(LIVEKIT_HOST, this.#livekit.server);
    this.network.serve(GLADIA_HOST, this.gladia.server);
  }

  async begin(): Promise<void> {
    await this.#service.start();
  }

  /** What is left when all is over: what the API says of each session, and what the database holds. */
  async conclude(): Promise<void> {
    for (const { table, row } of this.#service.rows()) {
      if (table !== 'sessions') continue;
      const id = row['id'] as string;
      await this.time.drive(this.#call({ do: 'rest', method: 'GET', path: `/sessions/${id}` }));
      await this.time.drive(this.#readTranscript(`/sessions/${id}/transcript`));
    }
    await this.#service.close();
    this.outcome.endSound();
    for (const { table, row } of this.#service.rows()) this.outcome.output('row', { table, ...parsed(row) });
    this.#service.discard();
  }

  uninstall(): void {
    this.#livekit.server.close();
    this.gladia.server.close();
    this.network.uninstall();
    this.time.uninstall();
  }

  apply(input: TimedInput): void {
    this.outcome.input(input);
    const actions: { [D in Input['do']]: (input: On<D>) => void } = {
      rest: (call) => void this.#call(call),
      webhook: ({ event }) => void this.#webhook(event),
      talk: ({ track, of, gain, fromMs }) => {
        this.#tracks.add(track);
        this.#sound.talk(track, of, input.at, gain, fromMs);
      },
      mute: ({ track, muted }) => {
        this.#sound.mute(track, muted, input.at);
        this.#streams.mute(track, muted);
      },
      dial: ({ egress }) => this.#streams.dial(egress),
      'hang-up': ({ egress, with: how }) => this.#streams.hangUp(egress, how),
      vanish: ({ egress }) => this.#streams.vanish(egress),
      hold: ({ egress, forMs }) => this.#streams.hold(egress, forMs),
      answer: () => undefined,
      'engine-answer': () => undefined,
      'engine-upgrade': () => undefined,
      'engine-says': ({ socket, message }) => {
        this.#expectSocket(socket, this.gladia.send(socket, textOf(message)));
      },
      'engine-acks': (acks) => this.#acknowledge(acks, input.at),
      'engine-closes': ({ socket, with: how }) => this.gladia.close(socket, how),
      'engine-stops-reading': ({ socket, forMs }) => this.gladia.stopReading(socket, forMs),
      'engine-dies': ({ socket }) => this.gladia.die(socket),
      stall: ({ forMs }) => this.time.jump(forMs),
      kill: () => this.#service.kill(),
      start: () => this.time.holdUntil(this.#service.start()),
    };
    (actions[input.do] as (input: Input) => void)(input);
  }

  #expectSocket(socket: number, there: boolean): void {
    if (!there) this.outcome.output('engine-socket-missing', { socket });
  }

  #acknowledge({ socket, id, rate, from, bytes, count, everyMs }: On<'engine-acks'>, atMs: number): void {
    for (let i = 0; i < count; i++) {
      const text = ackText(id, atMs + i * everyMs, from + i * bytes, bytes, rate);
      this.time.at(atMs + i * everyMs, () => this.#expectSocket(socket, this.gladia.send(socket, text)));
    }
  }

  async #call({ method, path: given, body, as = 'backend' }: On<'rest'>): Promise<void> {
    const path = given.replace('{session}', this.#sessions[0] ?? 'none');
    const headers = { authorization: `Bearer ${await tokenOf(as)}`, 'content-type': 'application/json' };
    const response = await request(path, {
      ...{ method, headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = readable(await response.text());
    if (method === 'POST' && path === '/sessions' && response.status < 300) {
      this.#sessions.push((answer as { id: string }).id);
    }
    this.outcome.output('rest', { method, path, status: response.status, body: answer });
  }

  /** The rows of messages hold the same words, so that its digest is enough. */
  async #readTranscript(path: string): Promise<void> {
    const headers = { authorization: `Bearer ${await tokenOf('backend')}` };
    const response = await request(path, { headers });
    const sha256 = createHash('sha256')
      .update(await response.text())
      .digest('hex');
    this.outcome.output('rest', { method: 'GET', path, status: response.status, sha256 });
  }

  async #webhook(event: JsonObject): Promise<void> {
    const body = JSON.stringify(this.addresses.reveal(event));
    const token = new AccessToken(KEYS.apiKey, KEYS.apiSecret, { ttl: '5m' });
    token.sha256 = createHash('sha256').update(body).digest('base64');
    const headers = { authorization: await token.toJwt(), 'content-type': 'application/webhook+json' };
    const response = await request('/livekit/webhook', { method: 'POST', headers, body });
    this.outcome.output('webhook-answer', { event: event['event'] ?? null, status: response.status });
  }
}

/** Asks the service; one that is not there, or that is killed meanwhile, answers with an error of the network. */
const request = (path: string, init: RequestInit): Promise<Response> =>
  fetch(`http://${SERVICE_HOST}${path}`, init).catch(() => Response.error());

/** Gladia's acknowledgment of sound, as the sandbox sends it. @param atMs when it arrives */
export const ackText = (id: string, atMs: number, from: number, bytes: number, bytesPerS: number): string =>
  JSON.stringify({
    session_id: id,
    created_at: new Date(START_UNIX_MS + atMs - MESSAGE_MS).toISOString(),
    type: 'audio_chunk',
    acknowledged: true,
    error: null,
    data: { byte_range: [from, from + bytes], time_range: [from / bytesPerS, (from + bytes) / bytesPerS] },
  });

/** A row, with the JSON that it holds as JSON. */
const parsed = (row: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, typeof value === 'string' ? readable(value) : value]),
  );

const textOf = (message: Json): string => (typeof message === 'string' ? message : JSON.stringify(message));

async function tokenOf(as: Caller): Promise<string> {
  const { identity, name } = as === 'backend' ? { identity: 'backend', name: undefined } : as;
  const token = new AccessToken(KEYS.apiKey, KEYS.apiSecret, { identity, ttl: '1d', ...(name && { name }) });
  token.addGrant(
    as === 'backend' ? { roomAdmin: true, room: ROOM } : { roomJoin: true, canPublishData: true, room: ROOM },
  );
  return token.toJwt();
}
