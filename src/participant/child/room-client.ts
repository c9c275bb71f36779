import type { DisconnectReason, RemoteTrack, TrackPublication, RemoteTrackPublication, Room } from '@livekit/rtc-node';
import type { FromChild, LossCause } from '../messages.js';
import type { FramePipe } from './frame-pipe.js';
import { ReceivedTrack } from './received-track.js';
import type { RtcModule } from './rtc.js';

/** The hidden participant of one room. It subscribes to the tracks that the service asks for, and to no others. */
export class RoomClient {
  readonly #room: Room;
  /** By track SID. */
  readonly #tracks = new Map<string, ReceivedTrack>();
  #isOver = false;

  constructor(
    private readonly rtc: RtcModule,
    private readonly number: number,
    private readonly pipe: FramePipe,
    private readonly send: (message: FromChild) => void,
  ) {
    this.#room = new rtc.Room();
    this.#listen();
  }

  async join(url: string, token: string): Promise<void> {
    try {
      await this.#room.connect(url, token, { autoSubscribe: false, dynacast: false });
    } catch (error) {
      this.#lose(causeOfFailure(error));
      return;
    }
    if (this.#isOver) return this.leave();
    this.send({ kind: 'joined', connection: this.number });
    this.#subscribeToAll();
  }

  subscribe(track: number, trackSid: string): void {
    this.#tracks.set(trackSid, new ReceivedTrack(this.rtc, track, trackSid, this.pipe));
    this.#subscribeToAll();
  }

  unsubscribe(number: number): void {
    const track = [...this.#tracks.values()].find((each) => each.number === number);
    if (track === undefined) return;
    this.#tracks.delete(track.trackSid);
    track.detach();
    for (const publication of this.#publications()) {
      if (publication.sid === track.trackSid) publication.setSubscribed(false);
    }
  }

  /** Idempotent. */
  async leave(): Promise<void> {
    this.#isOver = true;
    for (const track of this.#tracks.values()) track.detach();
    this.#tracks.clear();
    await this.#room.disconnect().catch(() => undefined);
  }

  #listen(): void {
    const { RoomEvent } = this.rtc;
    const { number: connection } = this;
    this.#room
      .on(RoomEvent.TrackPublished, (publication) => this.#subscribeTo(publication))
      .on(RoomEvent.TrackSubscribed, (track, publication) => this.#attach(track, publication))
      .on(RoomEvent.TrackUnsubscribed, (_track, { sid }) => this.#detach(sid))
      .on(RoomEvent.TrackSubscriptionFailed, (sid) => this.#sendTrackState(sid, 'denied'))
      .on(RoomEvent.TrackMuted, (publication) => this.#sendMuted(publication))
      .on(RoomEvent.TrackUnmuted, (publication) => this.#sendMuted(publication))
      .on(RoomEvent.Reconnecting, () => this.send({ kind: 'reconnecting', connection }))
      .on(RoomEvent.Reconnected, () => this.#reconnected())
      .on(RoomEvent.Moved, () => this.#lose('moved'))
      .on(RoomEvent.Disconnected, (reason) => this.#lose(causeOfEnd(this.rtc, reason)));
  }

  #reconnected(): void {
    this.send({ kind: 'reconnected', connection: this.number });
    this.#subscribeToAll();
  }

  #subscribeToAll(): void {
    for (const publication of this.#publications()) this.#subscribeTo(publication);
  }

  #subscribeTo(publication: RemoteTrackPublication): void {
    if (this.#isOver || !this.#tracks.has(publication.sid ?? '')) return;
    publication.setSubscribed(true);
  }

  #attach(track: RemoteTrack, publication: TrackPublication): void {
    this.#tracks.get(publication.sid ?? '')?.attach(track);
    this.#sendTrackState(publication.sid, 'subscribed');
    if (publication.muted === true) this.#sendMuted(publication);
  }

  #detach(sid: string | undefined): void {
    this.#tracks.get(sid ?? '')?.detach();
    this.#sendTrackState(sid, 'unsubscribed');
  }

  #sendTrackState(sid: string | undefined, kind: 'subscribed' | 'unsubscribed' | 'denied'): void {
    const track = this.#tracks.get(sid ?? '')?.number;
    if (track !== undefined) this.send({ kind, track });
  }

  #sendMuted({ sid, muted }: TrackPublication): void {
    const track = this.#tracks.get(sid ?? '')?.number;
    if (track !== undefined) this.send({ kind: 'muted', track, muted: muted === true });
  }

  #lose(cause: LossCause): void {
    if (this.#isOver) return;
    this.send({ kind: 'lost', connection: this.number, cause });
    void this.leave();
  }

  #publications(): RemoteTrackPublication[] {
    return [...this.#room.remoteParticipants.values()].flatMap(({ trackPublications }) => [
      ...trackPublications.values(),
    ]);
  }
}

/** Why LiveKit ended a connection. */
function causeOfEnd(rtc: RtcModule, reason: DisconnectReason): LossCause {
  const { DisconnectReason: reasons } = rtc;
  if (reason === reasons.PARTICIPANT_REMOVED) return 'removed';
  if (reason === reasons.ROOM_DELETED || reason === reasons.ROOM_CLOSED) return 'room-closed';
  return 'disconnected';
}

/** Why a connection could not be made. LiveKit's client reports it as a text only, which quotes the server. */
function causeOfFailure(error: unknown): LossCause {
  return error instanceof Error && /\b40[13]\b/.test(error.message) ? 'refused' : 'unreachable';
}
