import { Inject, Injectable } from '@nestjs/common';
import { livekitConfig, publisherConfig, type LiveKitConfig, type PublisherConfig } from '../config/namespaces.js';
import { ApiBudget } from '../livekit/api-budget.js';
import { RoomServiceClients } from '../livekit/room-service-clients.js';
import { DataChannel, PacketInvalid, RoomNotFound, type Packet } from './data-channel.js';
import { KeepAliveClient } from './keep-alive-client.js';

const ANSWER_WITHIN_MS = 10_000;

/** From which share of LiveKit's API budget that is left interims come so often, at most. */
const INTERIM_GAPS_MS = [
  [0.5, 0],
  [0.25, 500],
  [0, 1_500],
] as const;

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
    private readonly budget: ApiBudget,
    @Inject(livekitConfig.KEY) { httpUrl }: LiveKitConfig,
    @Inject(publisherConfig.KEY) private readonly config: PublisherConfig,
  ) {
    super();
    const url = `${httpUrl.replace(/\/+$/, '')}/twirp/livekit.RoomService/SendData`;
    this.#client = new KeepAliveClient(new URL(url), ANSWER_WITHIN_MS);
  }

  override get interimGapMs(): number {
    const { share, pauseMs } = this.budget;
    if (pauseMs > 0 || share === 0) return Infinity;
    return INTERIM_GAPS_MS.find(([least]) => share >= least)?.[1] ?? 0;
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
    await this.budget.ready();
    const { status, retryAfter } = await this.#client.post(headers, body);
    this.budget.answered(status, retryAfter);
    if (status === 401) this.rooms.renew(room);
    if (status === 404) throw new RoomNotFound();
    if (status === 400 || status === 413) throw new PacketInvalid(status);
    if (status < 200 || status > 299) throw new PacketRefused(status);
  }
}
