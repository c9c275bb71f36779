import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { RoomClients } from '../livekit/room-clients.js';
import { DataChannel } from './data-channel.js';
import type { Packet } from './packet-queue.js';

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
  readonly #url: string;

  constructor(
    private readonly rooms: RoomClients,
    private readonly config: Config,
  ) {
    super();
    this.#url = `${config.livekit.httpUrl.replace(/\/+$/, '')}/twirp/livekit.RoomService/SendData`;
  }

  override async send(room: string, { bytes, nonce, toIdentity }: Packet): Promise<void> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${await this.rooms.tokenOf(room)}` },
      body: JSON.stringify({
        room,
        topic: this.config.publisher.topic,
        kind: 'RELIABLE',
        data: Buffer.from(bytes).toString('base64'),
        nonce: Buffer.from(nonce).toString('base64'),
        ...(toIdentity !== undefined && { destinationIdentities: [toIdentity] }),
      }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new PacketRefused(response.status);
  }
}
