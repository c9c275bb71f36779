import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { RoomServiceClients } from '../livekit/room-service-clients.js';
import { DataChannel } from './data-channel.js';
import { KeepAliveClient } from './keep-alive-client.js';
import type { Packet } from './packet-queue.js';
import { RoomNotFound } from './room-not-found.js';

const ANSWER_WITHIN_MS = 10_000;

/** LiveKit did not take a packet. */
class PacketRefused extends Error {
  override readonly name = 'PacketRefused';

  constructor(readonly status: number) {
    super(`LiveKit answers ${status}`);
  }
}

/**
 * `RoomService/SendData`: needs no WebRTC in our process, and its packets carry no sender, so ours name the speaker.
 * LiveKit's own client makes a new nonce for each call, so that what is sent again would arrive twice.
 */
@Injectable()
export class LiveKitDataChannel extends DataChannel {
  readonly #connections: KeepAliveClient;

  constructor(
    private readonly rooms: RoomServiceClients,
    private readonly config: Config,
  ) {
    super();
    const url = `${config.livekit.httpUrl.replace(/\/+$/, '')}/twirp/livekit.RoomService/SendData`;
    this.#connections = new KeepAliveClient(new URL(url), ANSWER_WITHIN_MS);
  }

  override async send(room: string, { bytes, nonce, toIdentity }: Packet): Promise<void> {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${await this.rooms.tokenFor(room)}` };
    const body = JSON.stringify({
      room,
      topic: this.config.publisher.topic,
      kind: 'RELIABLE',
      data: Buffer.from(bytes).toString('base64'),
      nonce: Buffer.from(nonce).toString('base64'),
      ...(toIdentity !== undefined && { destinationIdentities: [toIdentity] }),
    });
    const status = await this.#connections.post(headers, body);
    if (status === 404) throw new RoomNotFound();
    if (status < 200 || status > 299) throw new PacketRefused(status);
  }
}
