import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import type { EgressRequest } from './egress-request.js';
import type { EgressRooms, EgressSeat } from './egress-rooms.js';
import type { RtcModule } from './rtc-module.js';
import { RtcSeat } from './rtc-seat.js';

export interface RealServer {
  /** `http://…` of a real livekit-server. */
  readonly upstreamUrl: string;
  /** `ws://…` of the same, for WebRTC. */
  readonly wsUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** Seats egresses in the rooms of a real server. */
export class RtcEgressRooms implements EgressRooms {
  readonly #client: RoomServiceClient;

  constructor(
    private readonly rtc: RtcModule,
    private readonly server: RealServer,
  ) {
    this.#client = new RoomServiceClient(server.upstreamUrl, server.apiKey, server.apiSecret);
  }

  async sidOf(roomName: string): Promise<string | undefined> {
    const [room] = await this.#client.listRooms([roomName]);
    return room?.sid;
  }

  async enter(request: EgressRequest, egressId: string): Promise<EgressSeat> {
    const room = new this.rtc.Room();
    const token = await this.#token(request.roomName, egressId);
    await room.connect(this.server.wsUrl, token, { autoSubscribe: false, dynacast: false });
    return new RtcSeat(this.rtc, room, request.audio);
  }

  #token(room: string, identity: string): Promise<string> {
    const token = new AccessToken(this.server.apiKey, this.server.apiSecret, { identity });
    token.kind = 'egress';
    token.addGrant({ room, roomJoin: true, canSubscribe: true, canPublish: false, canPublishData: false });
    token.addGrant({ hidden: true, recorder: true });
    return token.toJwt();
  }
}
