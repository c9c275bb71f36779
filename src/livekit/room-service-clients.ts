import { Injectable } from '@nestjs/common';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { Config } from '../config/config.js';

interface RoomClient {
  readonly token: string;
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
export class RoomServiceClients {
  readonly #clients = new Map<string, RoomClient>();

  constructor(private readonly config: Config) {}

  /** A client that may do everything in that room, and nothing elsewhere. */
  async clientFor(room: string): Promise<RoomServiceClient> {
    return (await this.#known(room)).client;
  }

  /** The token that the client uses, for calls that it does not have. */
  async tokenFor(room: string): Promise<string> {
    return (await this.#known(room)).token;
  }

  async #known(room: string): Promise<RoomClient> {
    const nowMs = performance.now();
    const known = this.#clients.get(room);
    if (known !== undefined && known.renewAtMs > nowMs) return known;
    const fresh = { ...(await this.#newClient(room)), renewAtMs: nowMs + RENEW_AFTER_MS };
    this.#clients.delete(room);
    this.#clients.set(room, fresh);
    const [oldest] = this.#clients.keys();
    if (this.#clients.size > MOST_CLIENTS && oldest !== undefined) this.#clients.delete(oldest);
    return fresh;
  }

  async #newClient(room: string): Promise<Omit<RoomClient, 'renewAtMs'>> {
    const { apiKey, apiSecret, httpUrl } = this.config.livekit;
    const access = new AccessToken(apiKey, apiSecret, { ttl: TOKEN_TTL_S });
    access.addGrant({ roomAdmin: true, room });
    const token = await access.toJwt();
    const options = { token, requestTimeout: REQUEST_TIMEOUT_S };
    return { token, client: new RoomServiceClient(httpUrl, undefined, undefined, options) };
  }
}
