import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BearerAuth } from '../livekit/bearer-auth.js';
import { TwirpRouter } from '../livekit/twirp-router.js';
import { WebhookSender } from '../livekit/webhook-sender.js';
import { egressApi } from './egress-api.js';
import { EgressService } from './egress-service.js';
import { DEFAULT_EGRESS, type EgressSettings } from './egress-settings.js';
import { PassThrough } from './pass-through.js';
import { loadRtc, type RealServer, RtcEgressRooms, type RtcModule } from './rtc-egress-rooms.js';

export interface EgressProxyOptions extends RealServer {
  /** Default: any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Who gets `egress_*`; the real server sends the rest. */
  readonly webhookUrls: readonly string[];
  /** WebRTC has a latency of its own, so the default here is none on top. */
  readonly egress?: Partial<EgressSettings>;
  /** Something else in this process uses rtc-node still, so `close()` shall leave its engine running. */
  readonly sharesRtc?: boolean;
}

const NO_LATENCY = { latencyMs: 0, captureLeadMs: 0 };

/** An Egress in front of a real livekit-server: it serves the Egress calls and passes everything else on. */
export class EgressProxy {
  readonly egress: EgressService;
  readonly webhooks: WebhookSender;
  readonly #upstream: PassThrough;
  readonly #server: Server;

  constructor(
    private readonly rtc: RtcModule,
    private readonly options: EgressProxyOptions,
  ) {
    const { apiKey, apiSecret, webhookUrls } = options;
    this.webhooks = new WebhookSender({ urls: webhookUrls, apiKey, apiSecret });
    this.egress = new EgressService(
      new RtcEgressRooms(rtc, options),
      { ...DEFAULT_EGRESS, ...NO_LATENCY, ...options.egress },
      (event, egressInfo) => this.webhooks.send({ event, egressInfo }),
    );
    const router = new TwirpRouter(new BearerAuth(apiKey, apiSecret), { Egress: egressApi(this.egress) });
    this.#upstream = new PassThrough(options.upstreamUrl);
    this.#server = createServer((request, response) => {
      if (router.serves(request)) void router.handle(request, response);
      else this.#upstream.pass(request, response);
    });
    this.#server.on('upgrade', (request, socket, head) => this.#upstream.upgrade(request, socket, head));
  }

  /** `http://127.0.0.1:{port}`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(port: number, host: string): Promise<void> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
  }

  /** Leaves every room, drops every socket, and ends the WebRTC engine of this process, which holds threads and memory. */
  async close(): Promise<void> {
    await this.egress.close();
    await this.webhooks.close();
    this.#upstream.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    if (this.options.sharesRtc !== true) await this.rtc.dispose();
  }
}

/** Starts an Egress in front of a real livekit-server. Throws when `@livekit/rtc-node` is not installed. */
export async function startEgressProxy(options: EgressProxyOptions): Promise<EgressProxy> {
  const proxy = new EgressProxy(await loadRtc(), options);
  await proxy.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  return proxy;
}
