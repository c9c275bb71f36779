import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { Config } from '../config/config.js';

/** What it takes to join a room once. */
export interface RoomCredential {
  readonly url: string;
  readonly token: string;
}

/** The way into rooms. */
export abstract class RoomCredentials {
  /** Undefined when there is no such room (any more): joining would make it anew. Rejects when LiveKit cannot be asked. */
  abstract create(room: string, sessionId: string): Promise<RoomCredential | undefined>;
}

const TOKEN_TTL_S = 600;

/**
 * Makes tokens for participants whom nobody sees, each with an identity of its own: two with the same throw each other
 * out. They are of the kind `agent`: other kinds would keep a room open that everybody has left.
 */
@Injectable()
export class LiveKitRoomCredentials extends RoomCredentials {
  constructor(
    private readonly config: Config,
    private readonly server: RoomServiceClient,
  ) {
    super();
  }

  override async create(room: string, sessionId: string): Promise<RoomCredential | undefined> {
    const open = await this.server.listRooms([room]);
    if (open.length === 0) return undefined;
    const { apiKey, apiSecret, wsUrl } = this.config.livekit;
    const identity = `roomscribe-${sessionId}-${randomUUID()}`;
    const access = new AccessToken(apiKey, apiSecret, { identity, ttl: TOKEN_TTL_S });
    access.kind = 'agent';
    access.addGrant({ room, roomJoin: true, hidden: true });
    access.addGrant({ canSubscribe: true, canPublish: false, canPublishData: false });
    return { url: wsUrl, token: await access.toJwt() };
  }
}
