import { ForbiddenException, Injectable, UnauthorizedException } from '@nestjs/common';
import { TokenVerifier, type ClaimGrants } from 'livekit-server-sdk';

const BEARER = /^Bearer (\S+)$/i;

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

  /** Starts and ends sessions: `roomAdmin` on that room, or `roomCreate`. */
  mayControl(room: string): boolean {
    const { video } = this.claims;
    return video?.roomCreate === true || (video?.roomAdmin === true && video.room === room);
  }

  /** Reads what is said: also `roomJoin` on that room. */
  mayRead(room: string): boolean {
    const { video } = this.claims;
    return this.mayControl(room) || (video?.roomJoin === true && video.room === room);
  }

  /** @throws ForbiddenException (403) */
  assertControls(room: string): void {
    if (!this.mayControl(room)) throw new ForbiddenException('the token needs roomAdmin on this room, or roomCreate');
  }

  /** Says something in the room as its own participant: `roomJoin` there, and not without the right to send data. */
  maySpeak(room: string): boolean {
    const { video } = this.claims;
    const mayPublishData = video?.canPublishData ?? video?.canPublish ?? true;
    return video?.roomJoin === true && video.room === room && mayPublishData;
  }

  /** @throws ForbiddenException (403) */
  assertSpeaks(room: string): void {
    if (!this.maySpeak(room)) throw new ForbiddenException('the token needs roomJoin and canPublishData on this room');
  }

  /** @throws ForbiddenException (403) */
  assertReads(room: string): void {
    if (!this.mayRead(room)) throw new ForbiddenException('the token needs roomJoin or roomAdmin on this room');
  }
}

/** A LiveKit access token is the credential, so nobody manages a second kind. */
@Injectable()
export class RoomAccess {
  constructor(private readonly verifier: TokenVerifier) {}

  /**
   * Reads `Authorization: Bearer <JWT>`.
   * @throws UnauthorizedException (401) when it is missing, expired, or not signed with our secret.
   */
  async grants(authorization: string | undefined): Promise<RoomGrants> {
    const token = BEARER.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      throw new UnauthorizedException('send a LiveKit access token: Authorization: Bearer <JWT>');
    }
    try {
      return new RoomGrants(await this.verifier.verify(token));
    } catch {
      throw new UnauthorizedException('the access token is expired or not signed with this LiveKit key and secret');
    }
  }
}
