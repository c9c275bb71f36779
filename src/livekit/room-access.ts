import { Inject, Injectable } from '@nestjs/common';
import { TokenVerifier, type ClaimGrants } from 'livekit-server-sdk';
import { httpConfig, type HttpConfig } from '../config/namespaces.js';
import { ProblemException } from '../http/problem.exception.js';

/** How far LiveKit's clock, or that of whoever signs tokens, may be off: as much as livekit-server allows. */
export const CLOCK_TOLERANCE_S = 60;

const BEARER = /^Bearer (\S+)$/i;

/**
 * What a caller may do with the sessions of a room. `control`: change and end them. `start`: create and start them.
 * `view`: see their state, without what was said. `read`: read what was said, in those sessions that ReadingRights allows.
 * `speak`: add transcripts of its own participant.
 */
export type RoomGrant = 'control' | 'start' | 'view' | 'read' | 'speak';

const NEEDED: Readonly<Record<RoomGrant, string>> = {
  control: 'the token needs roomAdmin on this room, or roomCreate',
  start: 'the token needs roomRecord, too: the operator requires it (REQUIRE_ROOM_RECORD)',
  view: 'the token needs roomJoin or roomAdmin on this room, or roomCreate',
  read: 'the token needs roomAdmin on this room, or roomJoin without canSubscribe: false',
  speak: 'the token needs roomJoin and canPublishData on this room',
};

/**
 * As whom a caller reads what was said in a room. `admin`: with roomAdmin. `display`: with a token that LiveKit gives no
 * power to, `{ room, canSubscribe: true }`, such as a caption page has. `participant`: one who may join and listen.
 */
export type Reader =
  | { readonly kind: 'admin' }
  | { readonly kind: 'display' }
  | { readonly kind: 'participant'; readonly identity: string };

/** Grants of LiveKit's tokens beside the one for video rooms. */
const OTHER_GRANTS = ['sip', 'inference', 'observability'] as const;

/** What the holder of a LiveKit access token may do with sessions. */
export class RoomGrants {
  /** @param requiresRoomRecord whether sessions are started only by tokens with roomRecord */
  constructor(
    private readonly claims: ClaimGrants,
    private readonly requiresRoomRecord = false,
  ) {}

  /** In how many milliseconds the token expires; of one that is accepted for the tolerance of clocks, when that ends. */
  expiresInMs(nowUnixMs: number): number {
    const { exp = Infinity } = this.claims;
    const leftMs = exp * 1_000 - nowUnixMs;
    return leftMs > 0 ? leftMs : Math.max(0, leftMs + CLOCK_TOLERANCE_S * 1_000);
  }

  /** Who asks: tokens of one identity for one room count as one caller. */
  get caller(): string {
    return `${this.claims.sub ?? ''} ${this.claims.video?.room ?? ''}`;
  }

  /** The participant whom the token names, if it names one. */
  get identity(): string | undefined {
    return this.claims.sub;
  }

  /** The rooms whose sessions the token sees. */
  get visibleRooms(): 'all' | readonly string[] {
    const { room, roomCreate } = this.claims.video ?? {};
    if (roomCreate === true) return 'all';
    return room !== undefined && this.may('view', room) ? [room] : [];
  }

  /** Whether LiveKit itself gives the token no power: its one grant is `{ room, canSubscribe: true }`. */
  get isReadOnly(): boolean {
    const { video = {}, ...others } = this.claims;
    const granted = Object.entries(video).filter(([, value]) => value !== false && value !== undefined);
    const isPlain = granted.every(([name]) => name === 'room' || name === 'canSubscribe');
    const hasOthers = OTHER_GRANTS.some((name) => others[name] !== undefined);
    return isPlain && !hasOthers && video.canSubscribe === true && typeof video.room === 'string' && video.room !== '';
  }

  /** As whom the token reads what was said in a room; undefined where it does not. */
  readerIn(room: string): Reader | undefined {
    const { video } = this.claims;
    if (video === undefined || video.room !== room) return undefined;
    if (video.roomAdmin === true) return { kind: 'admin' };
    if (this.isReadOnly) return { kind: 'display' };
    if (video.roomJoin !== true || video.canSubscribe === false || !this.identity) return undefined;
    return { kind: 'participant', identity: this.identity };
  }

  may(grant: RoomGrant, room: string): boolean {
    const { video } = this.claims;
    const isForRoom = video?.room === room;
    const controls = video?.roomCreate === true || (isForRoom && video.roomAdmin === true);
    const joins = isForRoom && video.roomJoin === true;
    if (grant === 'control') return controls;
    if (grant === 'start') return controls && (!this.requiresRoomRecord || video.roomRecord === true);
    if (grant === 'view') return controls || joins || this.readerIn(room) !== undefined;
    if (grant === 'read') return this.readerIn(room) !== undefined;
    return joins && (video.canPublishData ?? video.canPublish ?? true);
  }

  /** Whether it controls some room. @throws ProblemException 403 `forbidden` */
  assertControlsAny(): void {
    const { roomCreate, roomAdmin, room } = this.claims.video ?? {};
    if (roomCreate !== true && !(roomAdmin === true && room !== undefined && room !== ''))
      throw new ProblemException('forbidden', NEEDED.control);
  }

  /** @throws ProblemException 403 `forbidden` */
  assert(grant: RoomGrant, room: string): void {
    if (this.may(grant, room)) return;
    const lacksControl = grant === 'start' && !this.may('control', room);
    throw new ProblemException('forbidden', NEEDED[lacksControl ? 'control' : grant]);
  }
}

/** Reads LiveKit access tokens, which are the only credential of the API. */
@Injectable()
export class RoomAccess {
  constructor(
    private readonly verifier: TokenVerifier,
    @Inject(httpConfig.KEY) private readonly config: Pick<HttpConfig, 'requireRoomRecord'>,
  ) {}

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
      return new RoomGrants(await this.verifier.verify(token, CLOCK_TOLERANCE_S), this.config.requireRoomRecord);
    } catch (cause) {
      const detail = 'the access token is expired or not signed with this LiveKit key and secret';
      throw new ProblemException('unauthorized', detail, { cause });
    }
  }
}
