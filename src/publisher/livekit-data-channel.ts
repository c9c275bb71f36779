import { Injectable } from '@nestjs/common';
import { DataPacket_Kind } from 'livekit-server-sdk';
import { Config } from '../config/config.js';
import { RoomClients } from '../livekit/room-clients.js';
import { DataChannel } from './data-channel.js';

/** `RoomServiceClient.sendData`: needs no WebRTC in our process, and its packets carry no sender, so ours name the speaker. */
@Injectable()
export class LiveKitDataChannel extends DataChannel {
  constructor(
    private readonly rooms: RoomClients,
    private readonly config: Config,
  ) {
    super();
  }

  override async send(room: string, packet: Uint8Array, toIdentity?: string): Promise<void> {
    const client = await this.rooms.of(room);
    await client.sendData(room, packet, DataPacket_Kind.RELIABLE, {
      topic: this.config.publisher.topic,
      ...(toIdentity !== undefined && { destinationIdentities: [toIdentity] }),
    });
  }
}
