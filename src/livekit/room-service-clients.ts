import { Inject, Injectable } from '@nestjs/common';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { BoundedMap } from '../collections/bounded-map.js';
import { livekitConfig, type LiveKitConfig } from '../config/namespaces.js';

interface RoomClient {
  readonly token: string;
  readonly client: RoomServiceClient;
  readonly renewAtMs: number;
}

const TOKEN_TTL_S = 600;
const RENEW_AFTER_MS = 300_000;
const REQUEST_TIMEOUT_S = 10;
const MAX_CLIENTS = 2_000;

/**
 * LiveKit clients by room, each with a token that is used for five minutes: by itself, the client signs a new token for each
 * call, which costs more than the call.
 */
@Injectable()
export class RoomServiceClients {
  readonly #clients = new BoundedMap<string, RoomClient>(MAX_CLIENTS);

  constructor(@Inject(livekitConfig.KEY) private readonly config: LiveKitConfig) {}

  /** A client with admin rights in that room only. */
  async clientFor(room: string): Promise<RoomServiceClient> {
    return (await this.#current(room)).client;
  }

  /** The token of that client, for API calls that the SDK lacks. */
  async tokenFor(room: string): Promise<string> {
    return (await this.#current(room)).token;
  }

  /** LiveKit refused the token, as it does after a step of a clock: the next one is new. */
  renew(room: string): void {
    this.#clients.delete(room);
  }

  async #current(room: string): Promise<RoomClient> {
    const nowMs = performance.now();
    const known = this.#clients.get(room);
    if (known !== undefined && known.renewAtMs > nowMs) return known;
    const fresh = { ...(await this.#newClient(room)), renewAtMs: nowMs + RENEW_AFTER_MS };
    this.#clients.delete(room);
    this.#clients.set(room, fresh);
    return fresh;
  }

  async #newClient(room: string): Promise<Omit<RoomClient, 'renewAtMs'>> {
    const { apiKey, apiSecret, httpUrl } = this.config;
    const access = new AccessToken(apiKey, apiSecret, { ttl: TOKEN_TTL_S });
    access.addGrant({ roomAdmin: true, room });
    const token = await access.toJwt();
    const options = { token, requestTimeout: REQUEST_TIMEOUT_S };
    return { token, client: new RoomServiceClient(httpUrl, undefined, undefined, options) };
  }
}
