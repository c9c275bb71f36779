import { Injectable } from '@nestjs/common';
import { AccessToken, DataPacket_Kind, RoomServiceClient } from 'livekit-server-sdk';
import { Config } from '../config/config.js';
import { DataChannel } from './data-channel.js';

interface RoomClient {
  readonly client: RoomServiceClient;
  readonly renewAtMs: number;
}

const TOKEN_TTL_S = 600;
const RENEW_AFTER_MS = 300_000;
const REQUEST_TIMEOUT_S = 10;
const MOST_CLIENTS = 2_000;

/**
 * `RoomServiceClient.sendData`: needs no WebRTC in our process, and its packets carry no sender, so ours name the speaker.
 * A token is signed once for a room and serves for five minutes: signing one for each packet costs more than sending it.
 */
@Injectable()
export class LiveKitDataChannel extends DataChannel {
  readonly #clients = new Map<string, RoomClient>();

  constructor(private readonly config: Config) {
    super();
  }

  override async send(room: string, packet: Uint8Array, toIdentity?: string): Promise<void> {
    const client = await this.#client(room);
    await client.sendData(room, packet, DataPacket_Kind.RELIABLE, {
      topic: this.config.publisher.topic,
      ...(toIdentity !== undefined && { destinationIdentities: [toIdentity] }),
    });
  }

  async #client(room: string): Promise<RoomServiceClient> {
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
    return new RoomServiceClient(httpUrl, undefined, undefined, {
      token: await token.toJwt(),
      requestTimeout: REQUEST_TIMEOUT_S,
    });
  }
}
