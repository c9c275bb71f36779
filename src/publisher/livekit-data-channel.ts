import { Inject, Injectable } from '@nestjs/common';
import { livekitConfig, publisherConfig, type LiveKitConfig, type PublisherConfig } from '../config/namespaces.js';
import { RoomServiceClients } from '../livekit/room-service-clients.js';
import { DataChannel, RoomNotFound, type Packet } from './data-channel.js';
import { KeepAliveClient } from './keep-alive-client.js';

const ANSWER_WITHIN_MS = 10_000;

/** LiveKit did not accept a packet. */
class PacketRefused extends Error {
  override readonly name = 'PacketRefused';

  constructor(readonly status: number) {
    super(`LiveKit answers ${status}`);
  }
}

/**
 * Sends packets with `RoomService/SendData`, which needs no WebRTC in our process. Its packets carry no sender, so the messages
 * name the speaker. LiveKit's own client makes a new nonce for each call: a packet sent again would arrive twice.
 */
@Injectable()
export class LiveKitDataChannel extends DataChannel {
  readonly #client: KeepAliveClient;

  constructor(
    private readonly rooms: RoomServiceClients,
    @Inject(livekitConfig.KEY) { httpUrl }: LiveKitConfig,
    @Inject(publisherConfig.KEY) private readonly config: PublisherConfig,
  ) {
    super();
    const url = `${httpUrl.replace(/\/+$/, '')}/twirp/livekit.RoomService/SendData`;
    this.#client = new KeepAliveClient(new URL(url), ANSWER_WITHIN_MS);
  }

  override async send(room: string, { bytes, nonce, toIdentity }: Packet): Promise<void> {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${await this.rooms.tokenFor(room)}` };
    const body = JSON.stringify({
      room,
      topic: this.config.topic,
      kind: 'RELIABLE',
      data: Buffer.from(bytes).toString('base64'),
      nonce: Buffer.from(nonce).toString('base64'),
      ...(toIdentity !== undefined && { destinationIdentities: [toIdentity] }),
    });
    const status = await this.#client.post(headers, body);
    if (status === 404) throw new RoomNotFound();
    if (status < 200 || status > 299) throw new PacketRefused(status);
  }
}
