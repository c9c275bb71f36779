import type { RemoteTrack, TrackPublication, RemoteTrackPublication, Room } from '@livekit/rtc-node';
import type { FromChild, LossCause } from '../messages.js';
import type { FramePipe } from './frame-pipe.js';
import { ReceivedTrack } from './received-track.js';
import { causeOfEnd, causeOfFailure } from './loss-cause.js';
import type { RtcModule } from './rtc.js';

/** The hidden participant of one room. It subscribes to the tracks that it is told to hear, and to nothing else. */
export class RoomClient {
  readonly #room: Room;
  /** By track SID. */
  readonly #heard = new Map<string, ReceivedTrack>();
  #over = false;

  constructor(
    private readonly rtc: RtcModule,
    private readonly number: number,
    private readonly pipe: FramePipe,
    private readonly tell: (message: FromChild) => void,
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
    if (this.#over) return this.leave();
    this.tell({ kind: 'joined', presence: this.number });
    this.#subscribe();
  }

  hear(track: number, trackSid: string): void {
    this.#heard.set(trackSid, new ReceivedTrack(this.rtc, track, trackSid, this.pipe));
    this.#subscribe();
  }

  unhear(track: number): void {
    const heard = [...this.#heard.values()].find(({ number }) => number === track);
    if (heard === undefined) return;
    this.#heard.delete(heard.trackSid);
    heard.detach();
    for (const publication of this.#publications()) {
      if (publication.sid === heard.trackSid) publication.setSubscribed(false);
    }
  }

  /** Idempotent. */
  async leave(): Promise<void> {
    this.#over = true;
    this.#letGo();
    await this.#room.disconnect().catch(() => undefined);
  }

  #listen(): void {
    const { RoomEvent } = this.rtc;
    const { number: presence } = this;
    this.#room
      .on(RoomEvent.TrackPublished, (publication) => this.#subscribeTo(publication))
      .on(RoomEvent.TrackSubscribed, (track, publication) => this.#attach(track, publication))
      .on(RoomEvent.TrackUnsubscribed, (_track, { sid }) => this.#detach(sid))
      .on(RoomEvent.TrackSubscriptionFailed, (sid) => this.#tellOf(sid, 'denied'))
      .on(RoomEvent.TrackMuted, (publication) => this.#tellMuted(publication))
      .on(RoomEvent.TrackUnmuted, (publication) => this.#tellMuted(publication))
      .on(RoomEvent.Reconnecting, () => this.tell({ kind: 'reconnecting', presence }))
      .on(RoomEvent.Reconnected, () => this.#reconnected())
      .on(RoomEvent.Moved, () => this.#lose('moved'))
      .on(RoomEvent.Disconnected, (reason) => this.#lose(causeOfEnd(this.rtc, reason)));
  }

  #reconnected(): void {
    this.tell({ kind: 'reconnected', presence: this.number });
    this.#subscribe();
  }

  #subscribe(): void {
    for (const publication of this.#publications()) this.#subscribeTo(publication);
  }

  #subscribeTo(publication: RemoteTrackPublication): void {
    if (this.#over || !this.#heard.has(publication.sid ?? '')) return;
    publication.setSubscribed(true);
  }

  #attach(track: RemoteTrack, publication: TrackPublication): void {
    this.#heard.get(publication.sid ?? '')?.attach(track);
    this.#tellOf(publication.sid, 'subscribed');
    if (publication.muted === true) this.#tellMuted(publication);
  }

  #detach(sid: string | undefined): void {
    this.#heard.get(sid ?? '')?.detach();
    this.#tellOf(sid, 'unsubscribed');
  }

  #tellOf(sid: string | undefined, kind: 'subscribed' | 'unsubscribed' | 'denied'): void {
    const track = this.#heard.get(sid ?? '')?.number;
    if (track !== undefined) this.tell({ kind, track });
  }

  #tellMuted({ sid, muted }: TrackPublication): void {
    const track = this.#heard.get(sid ?? '')?.number;
    if (track !== undefined) this.tell({ kind: 'muted', track, muted: muted === true });
  }

  #lose(cause: LossCause): void {
    if (this.#over) return;
    this.tell({ kind: 'lost', presence: this.number, cause });
    void this.leave();
  }

  #letGo(): void {
    for (const track of this.#heard.values()) track.detach();
    this.#heard.clear();
  }

  #publications(): RemoteTrackPublication[] {
    return [...this.#room.remoteParticipants.values()].flatMap(({ trackPublications }) => [
      ...trackPublications.values(),
    ]);
  }
}
