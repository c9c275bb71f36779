import type { EgressAudio, EgressRequest, TrackMatch } from '../egress/egress-request.js';
import type { EgressRooms, EgressParticipant } from '../egress/egress-rooms.js';
import { MixedAudio, type StereoSource, type TrackAudio } from '../egress/track-audio.js';
import type { SandboxParticipant } from './sandbox-participant.js';
import type { SandboxRoom } from './sandbox-room.js';
import type { SandboxRooms } from './sandbox-rooms.js';
import { nowSamples, ROOM_RATE_HZ, type SandboxTrack } from './sandbox-track.js';

const LOOK_AGAIN_MS = 20;

/** Lets egresses join the scripted rooms. */
export class SandboxEgressRooms implements EgressRooms {
  constructor(private readonly rooms: SandboxRooms) {}

  sidOf(roomName: string): Promise<string | undefined> {
    return Promise.resolve(this.rooms.find(roomName)?.sid);
  }

  enter(request: EgressRequest, egressId: string): Promise<EgressParticipant> {
    const room = this.rooms.room(request.roomName);
    const participant = room.join({ identity: egressId, kind: 'egress' });
    return Promise.resolve(new SandboxEgressParticipant(room, participant, request.audio));
  }
}

class SandboxEgressParticipant implements EgressParticipant {
  readonly audio: Promise<StereoSource>;
  #single: TrackAudio | undefined;

  constructor(
    private readonly room: SandboxRoom,
    private readonly participant: SandboxParticipant,
    asked: EgressAudio,
  ) {
    this.audio = this.#subscribe(asked);
  }

  get ended(): boolean {
    return !this.participant.present || this.#single?.ended === true;
  }

  leave(): Promise<void> {
    this.participant.leave();
    return Promise.resolve();
  }

  async #subscribe(asked: EgressAudio): Promise<StereoSource> {
    if (asked.kind === 'track') return this.#readTrack(asked.match);
    if (asked.kind === 'routes') {
      return { left: await this.#readAll(asked.left), right: await this.#readAll(asked.right) };
    }
    const everybody = this.#mix(() => this.room.tracks().filter((track) => !track.isVideo));
    return { left: everybody, right: everybody };
  }

  #readTrack(match: TrackMatch): StereoSource {
    const track = this.#find(match);
    if (track === undefined) throw new Error('track not found');
    this.#single = new TrackReader(track);
    return { left: this.#single, right: this.#single };
  }

  async #readAll(matches: readonly TrackMatch[]): Promise<TrackAudio | undefined> {
    const tracks = await Promise.all(matches.map((match) => this.#await(match)));
    const [first, second] = tracks;
    if (first === undefined || second === undefined) return first && new TrackReader(first);
    return this.#mix(() => tracks);
  }

  #mix(tracks: () => readonly SandboxTrack[]): TrackAudio {
    const readers = new Map<SandboxTrack, TrackReader>();
    const readerOf = (track: SandboxTrack): TrackReader => {
      const reader = readers.get(track) ?? new TrackReader(track);
      readers.set(track, reader);
      return reader;
    };
    return new MixedAudio(
      () => tracks().map(readerOf),
      () => !this.participant.present,
    );
  }

  /** Egress dials only when everybody whom it was asked for is there. */
  async #await(match: TrackMatch): Promise<SandboxTrack> {
    const present = (): SandboxTrack | undefined => this.#find(match);
    for (let track = present(); this.participant.present; track = present()) {
      if (track !== undefined) return track;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    throw new Error('room closed');
  }

  #find(match: TrackMatch): SandboxTrack | undefined {
    if ('trackSid' in match) return this.room.tracks().find((track) => track.sid === match.trackSid);
    const tracks = this.room.participants.get(match.identity)?.tracks.values() ?? [];
    return [...tracks].find((track) => !track.isVideo);
  }
}

/** How far a reader stays behind the present, so that what is said now is never behind it. */
export const READER_LAG_MS = 20;
const LAG_SAMPLES = (READER_LAG_MS * ROOM_RATE_HZ) / 1000;

/** Reads a scripted track from the present on. */
class TrackReader implements TrackAudio {
  #nextSample: number | undefined;

  constructor(private readonly track: SandboxTrack) {}

  read(frame: Int16Array): boolean {
    const fromSample = this.#nextSample ?? nowSamples() - LAG_SAMPLES;
    this.#nextSample = fromSample + frame.length;
    return this.track.read(fromSample, frame);
  }

  get muted(): boolean {
    return this.track.muted;
  }

  get ended(): boolean {
    return !this.track.published;
  }
}
