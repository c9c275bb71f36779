import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { livekitConfig, type LiveKitConfig } from '../config/namespaces.js';

/** URL and token with which one connection joins a room. */
export interface RoomCredential {
  readonly url: string;
  readonly token: string;
}

/** Creates the credentials to join rooms. */
export abstract class RoomCredentials {
  /** Undefined when the room does not exist: joining would create it again. Rejects when LiveKit cannot be reached. */
  abstract create(room: string, sessionId: string): Promise<RoomCredential | undefined>;
}

const TOKEN_TTL_S = 600;

/**
 * Creates tokens for hidden participants, each with an identity of its own: LiveKit disconnects the older of two participants
 * with the same identity. They are of the kind `agent`: others would keep a room open that everybody has left.
 */
@Injectable()
export class LiveKitRoomCredentials extends RoomCredentials {
  constructor(
    @Inject(livekitConfig.KEY) private readonly config: LiveKitConfig,
    private readonly server: RoomServiceClient,
  ) {
    super();
  }

  override async create(room: string, sessionId: string): Promise<RoomCredential | undefined> {
    const open = await this.server.listRooms([room]);
    if (open.length === 0) return undefined;
    const { apiKey, apiSecret, wsUrl } = this.config;
    const identity = `roomscribe-${sessionId}-${randomUUID()}`;
    const access = new AccessToken(apiKey, apiSecret, { identity, ttl: TOKEN_TTL_S });
    access.kind = 'agent';
    access.addGrant({ room, roomJoin: true, hidden: true });
    access.addGrant({ canSubscribe: true, canPublish: false, canPublishData: false });
    return { url: wsUrl, token: await access.toJwt() };
  }
}
