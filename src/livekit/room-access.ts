import { Injectable } from '@nestjs/common';
import { TokenVerifier, type ClaimGrants } from 'livekit-server-sdk';
import { ProblemException } from '../http/problem.exception.js';

/** How far LiveKit's clock, or that of whoever signs tokens, may be off: as much as livekit-server allows. */
export const CLOCK_TOLERANCE_S = 60;

const BEARER = /^Bearer (\S+)$/i;

/**
 * What a caller may do with the sessions of a room. `control`: create, start and end them. `read`: read transcripts.
 * `speak`: add transcripts of its own participant.
 */
export type RoomGrant = 'control' | 'read' | 'speak';

const NEEDED: Readonly<Record<RoomGrant, string>> = {
  control: 'the token needs roomAdmin on this room, or roomCreate',
  read: 'the token needs roomJoin or roomAdmin on this room',
  speak: 'the token needs roomJoin and canPublishData on this room',
};

/** What the holder of a LiveKit access token may do with sessions. */
export class RoomGrants {
  constructor(private readonly claims: ClaimGrants) {}

  /** The participant whom the token names, if it names one. */
  get identity(): string | undefined {
    return this.claims.sub;
  }

  /** The participant's display name, if the token gives one. */
  get name(): string | undefined {
    return this.claims.name;
  }

  /** The rooms whose sessions the token reads. */
  get readableRooms(): 'all' | readonly string[] {
    const { room, roomCreate } = this.claims.video ?? {};
    if (roomCreate === true) return 'all';
    return room !== undefined && this.may('read', room) ? [room] : [];
  }

  may(grant: RoomGrant, room: string): boolean {
    const { video } = this.claims;
    const isForRoom = video?.room === room;
    const controls = video?.roomCreate === true || (isForRoom && video.roomAdmin === true);
    const joins = isForRoom && video.roomJoin === true;
    if (grant === 'control') return controls;
    if (grant === 'read') return controls || joins;
    return joins && (video.canPublishData ?? video.canPublish ?? true);
  }

  /** @throws ProblemException 403 `forbidden` */
  assert(grant: RoomGrant, room: string): void {
    if (!this.may(grant, room)) throw new ProblemException('forbidden', NEEDED[grant]);
  }
}

/** Reads LiveKit access tokens, which are the only credential of the API. */
@Injectable()
export class RoomAccess {
  constructor(private readonly verifier: TokenVerifier) {}

  /** Checks a token, which LiveKit's webhooks send without `Bearer`. Rejects with why it is not good. */
  async verify(authorization = ''): Promise<void> {
    await this.verifier.verify(BEARER.exec(authorization)?.[1] ?? authorization, CLOCK_TOLERANCE_S);
  }

  /**
   * Reads `Authorization: Bearer <JWT>`.
   * @throws ProblemException 401 `unauthorized` when it is missing, expired, or not signed with our secret
   */
  async grants(authorization: string | undefined): Promise<RoomGrants> {
    const token = BEARER.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      throw new ProblemException('unauthorized', 'send a LiveKit access token: Authorization: Bearer <JWT>');
    }
    try {
      return new RoomGrants(await this.verifier.verify(token, CLOCK_TOLERANCE_S));
    } catch (cause) {
      const detail = 'the access token is expired or not signed with this LiveKit key and secret';
      throw new ProblemException('unauthorized', detail, { cause });
    }
  }
}
