import { EventEmitter, once } from 'node:events';
import type * as Rtc from '@livekit/rtc-node';
import type { RemoteParticipant, RemoteTrack, RemoteTrackPublication, Room } from '@livekit/rtc-node';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import type { EgressAudio, EgressRequest, TrackMatch } from './egress-request.js';
import type { EgressRooms, EgressParticipant } from './egress-rooms.js';
import { RtcTrackAudio } from './rtc-track-audio.js';
import { MixedAudio, type StereoSource, type TrackAudio } from './track-audio.js';

export interface RealServer {
  /** `http://…` of a real livekit-server. */
  readonly upstreamUrl: string;
  /** `ws://…` of the same, for WebRTC. */
  readonly wsUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** Lets egresses join the rooms of a real server. */
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

  async enter(request: EgressRequest, egressId: string): Promise<EgressParticipant> {
    const room = new this.rtc.Room();
    const token = await this.#token(request.roomName, egressId);
    await room.connect(this.server.wsUrl, token, { autoSubscribe: false, dynacast: false });
    return new RtcEgressParticipant(this.rtc, room, request.audio);
  }

  #token(room: string, identity: string): Promise<string> {
    const token = new AccessToken(this.server.apiKey, this.server.apiSecret, { identity });
    token.kind = 'egress';
    token.addGrant({ room, roomJoin: true, canSubscribe: true, canPublish: false, canPublishData: false });
    token.addGrant({ hidden: true, recorder: true });
    return token.toJwt();
  }
}

export type RtcModule = typeof Rtc;

/** LiveKit's WebRTC client, an optional package. */
export async function loadRtc(): Promise<RtcModule> {
  try {
    return await import('@livekit/rtc-node');
  } catch (cause) {
    throw new Error('The Egress proxy joins real rooms with @livekit/rtc-node, which is not installed here', { cause });
  }
}

const TRACK_WITHIN_MS = 5_000;

/** A hidden participant of a real room that subscribes to what its egress was asked for, and to nothing else. */
class RtcEgressParticipant implements EgressParticipant {
  readonly audio: Promise<StereoSource>;
  readonly #tracks = new Map<string, RtcTrackAudio>();
  readonly #changed = new EventEmitter();
  readonly #left = new AbortController();
  #single: RtcTrackAudio | undefined;
  #leaving: Promise<void> | undefined;

  /** In a room that it has just joined. */
  constructor(
    private readonly rtc: RtcModule,
    private readonly room: Room,
    private readonly asked: EgressAudio,
  ) {
    this.#listen();
    for (const participant of room.remoteParticipants.values()) {
      for (const publication of participant.trackPublications.values()) this.#onPublished(publication, participant);
    }
    this.audio = this.#subscribe();
  }

  get ended(): boolean {
    return this.#left.signal.aborted || this.#single?.ended === true;
  }

  leave(): Promise<void> {
    this.#onDisconnected();
    this.#leaving ??= this.room.disconnect().catch(() => undefined);
    return this.#leaving;
  }

  #listen(): void {
    const { RoomEvent } = this.rtc;
    this.room
      .on(RoomEvent.TrackPublished, this.#onPublished)
      .on(RoomEvent.TrackSubscribed, this.#onSubscribed)
      .on(RoomEvent.TrackUnpublished, (publication) => this.#tracks.get(publication.sid ?? '')?.end())
      .on(RoomEvent.ParticipantDisconnected, ({ identity }) => this.#endTracksOf(identity))
      .on(RoomEvent.Disconnected, this.#onDisconnected);
  }

  readonly #onPublished = (publication: RemoteTrackPublication, participant: RemoteParticipant): void => {
    const isAudio = publication.kind === this.rtc.TrackKind.KIND_AUDIO;
    const matches = matchesOf(this.asked);
    const asked = matches?.some((match) => fits(match, publication.sid, participant.identity)) ?? true;
    if (isAudio && asked) publication.setSubscribed(true);
  };

  readonly #onSubscribed = (
    track: RemoteTrack,
    publication: RemoteTrackPublication,
    participant: RemoteParticipant,
  ): void => {
    const sid = publication.sid ?? '';
    const audio = this.#tracks.get(sid) ?? new RtcTrackAudio(publication, participant.identity);
    audio.attach(new this.rtc.AudioStream(track, { sampleRate: 48_000, numChannels: 1, frameSizeMs: 10 }));
    this.#tracks.set(sid, audio);
    this.#changed.emit('subscribed');
  };

  readonly #onDisconnected = (): void => {
    this.#left.abort();
    for (const audio of this.#tracks.values()) audio.end();
  };

  #endTracksOf(identity: string): void {
    for (const audio of this.#tracks.values()) if (audio.identity === identity) audio.end();
  }

  async #subscribe(): Promise<StereoSource> {
    const { asked } = this;
    if (asked.kind === 'track') {
      this.#single = await this.#subscribed(asked.match, AbortSignal.timeout(TRACK_WITHIN_MS));
      return { left: this.#single, right: this.#single };
    }
    if (asked.kind === 'routes') {
      return { left: await this.#subscribedTogether(asked.left), right: await this.#subscribedTogether(asked.right) };
    }
    const everybody = this.#mix(() => [...this.#tracks.values()]);
    return { left: everybody, right: everybody };
  }

  async #subscribedTogether(matches: readonly TrackMatch[]): Promise<TrackAudio | undefined> {
    const tracks = await Promise.all(matches.map((match) => this.#subscribed(match)));
    return tracks.length > 1 ? this.#mix(() => tracks) : tracks[0];
  }

  #mix(tracks: () => readonly RtcTrackAudio[]): TrackAudio {
    return new MixedAudio(tracks, () => this.#left.signal.aborted);
  }

  /** The track that fits, once it is subscribed. */
  async #subscribed(match: TrackMatch, limit?: AbortSignal): Promise<RtcTrackAudio> {
    const signal = limit === undefined ? this.#left.signal : AbortSignal.any([this.#left.signal, limit]);
    for (;;) {
      const found = [...this.#tracks.values()].find(({ sid, identity }) => fits(match, sid, identity));
      if (found !== undefined) return found;
      await once(this.#changed, 'subscribed', { signal }).catch(() => {
        throw new Error('track not found');
      });
    }
  }
}

/** Undefined when everything is asked for. */
function matchesOf(asked: EgressAudio): readonly TrackMatch[] | undefined {
  if (asked.kind === 'track') return [asked.match];
  return asked.kind === 'routes' ? [...asked.left, ...asked.right] : undefined;
}

const fits = (match: TrackMatch, sid: string | undefined, identity: string): boolean =>
  'trackSid' in match ? match.trackSid === sid : match.identity === identity;
