import { Injectable } from '@nestjs/common';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { Config } from '../config/config.js';

interface RoomClient {
  readonly client: RoomServiceClient;
  readonly renewAtMs: number;
}

const TOKEN_TTL_S = 600;
const RENEW_AFTER_MS = 300_000;
const REQUEST_TIMEOUT_S = 10;
const MOST_CLIENTS = 2_000;

/**
 * LiveKit's client for one room, with a token that is signed once and serves for five minutes: the client by itself signs
 * one for each call, which costs more than the call.
 */
@Injectable()
export class RoomClients {
  readonly #clients = new Map<string, RoomClient>();

  constructor(private readonly config: Config) {}

  /** A client that may do everything in that room, and nothing elsewhere. */
  async of(room: string): Promise<RoomServiceClient> {
    const nowMs = performance.now();
    const known = this.#clients.get(room);
    if (known !== undefined && known.renewAtMs > nowMs) return known.client;
    const client = await this.#newClient(room);
    this.#clients.delete(room);
    this.#clients.set(room, { client, renewAtMs: nowMs + RENEW_AFTER_MS });
    const [oldest] = this.#clients.keys();
    if (this.#clients.size > MOST_CLIENTS && oldest !== undefined) this.#clients.delete(oldest);
    return client;
  }

  async #newClient(room: string): Promise<RoomServiceClient> {
    const { apiKey, apiSecret, httpUrl } = this.config.livekit;
    const token = new AccessToken(apiKey, apiSecret, { ttl: TOKEN_TTL_S });
    token.addGrant({ roomAdmin: true, room });
    const options = { token: await token.toJwt(), requestTimeout: REQUEST_TIMEOUT_S };
    return new RoomServiceClient(httpUrl, undefined, undefined, options);
  }
}
