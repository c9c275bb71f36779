import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { egressApi } from '../egress/egress-api.js';
import { EgressService } from '../egress/egress-service.js';
import { DEFAULT_EGRESS, type EgressSettings } from '../egress/egress-settings.js';
import type { Recording } from '../recordings/recording.js';
import { BearerAuth } from './bearer-auth.js';
import { ControlApi } from './control-api.js';
import { sendText } from './http-body.js';
import { roomService } from './room-service.js';
import { READER_LAG_MS, SandboxEgressRooms } from './sandbox-egress-rooms.js';
import type { SandboxRoom, RoomSettings } from './sandbox-room.js';
import { SandboxRooms } from './sandbox-rooms.js';
import { TwirpRouter } from './twirp-router.js';
import { WebhookSender, type WebhookSettings } from './webhook-sender.js';

export interface LiveKitSandboxOptions {
  /** Default: any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly webhookUrls: readonly string[];
  readonly webhook?: Pick<WebhookSettings, 'retries' | 'retryDelayMs'>;
  readonly egress?: Partial<EgressSettings>;
  readonly room?: Partial<RoomSettings>;
  /** What `say` in the control API finds by id. */
  readonly recordings?: readonly Recording[];
}

const DEFAULT_ROOM: RoomSettings = { departureTimeoutMs: 20_000, emptyTimeoutMs: 300_000 };

/** A LiveKit server without media: its API, its webhooks, its Egress, and rooms that follow a script. */
export class LiveKitSandbox {
  readonly webhooks: WebhookSender;
  readonly egress: EgressService;
  readonly #rooms: SandboxRooms;
  readonly #router: TwirpRouter;
  readonly #control: ControlApi;
  readonly #server: Server;
  #refusesCalls = false;

  constructor(options: LiveKitSandboxOptions) {
    const { apiKey, apiSecret, webhookUrls } = options;
    this.webhooks = new WebhookSender({ ...options.webhook, urls: webhookUrls, apiKey, apiSecret });
    this.#rooms = new SandboxRooms({ ...DEFAULT_ROOM, ...options.room }, (event) => this.webhooks.send(event));
    this.egress = new EgressService(
      new SandboxEgressRooms(this.#rooms),
      inStepWithReaders({ ...DEFAULT_EGRESS, ...options.egress }),
      (event, egressInfo) => this.webhooks.send({ event, egressInfo }),
    );
    this.#router = new TwirpRouter(new BearerAuth(apiKey, apiSecret), {
      RoomService: roomService(this.#rooms),
      Egress: egressApi(this.egress),
    });
    const { webhooks, egress } = this;
    this.#control = new ControlApi({ rooms: this.#rooms, webhooks, egress, recordings: options.recordings ?? [] });
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  /** `http://127.0.0.1:{port}`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The room of that name; it opens when somebody joins. */
  room(name: string): SandboxRoom {
    return this.#rooms.room(name);
  }

  /** Whether every call of the server API is answered with 503; rooms and webhooks go on. */
  refuseCalls(refuses: boolean): void {
    this.#refusesCalls = refuses;
  }

  listen(port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject).listen(port, host, resolve);
    });
  }

  /** Ends sockets, rooms, timers and undelivered webhooks. */
  async close(): Promise<void> {
    await this.egress.close();
    const webhooksClosed = this.webhooks.close();
    this.#rooms.close();
    await webhooksClosed;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#router.serves(request)) {
      if (!this.#refusesCalls) return this.#router.handle(request, response);
      sendText(response, 503, 'no healthy upstream');
      return;
    }
    if (this.#control.serves(request)) return this.#control.handle(request, response);
    if (request.url === '/') {
      sendText(response, 200, 'OK');
      return;
    }
    sendText(response, 404, '404 page not found\n');
  }
}

/** What the readers lag behind is part of the latency. */
function inStepWithReaders(settings: EgressSettings): EgressSettings {
  return { ...settings, latencyMs: Math.max(0, settings.latencyMs - READER_LAG_MS) };
}

/** Starts a fake LiveKit on a real socket. */
export async function startLiveKitSandbox(options: LiveKitSandboxOptions): Promise<LiveKitSandbox> {
  const sandbox = new LiveKitSandbox(options);
  await sandbox.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  return sandbox;
}
