import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  Room,
  RoomEvent,
  TrackPublishOptions,
  TrackSource,
  type RemoteParticipant,
} from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';
import type { Voice } from '../../libs/sandbox/demo/cast.js';
import type { Recording } from '../../libs/sandbox/recordings/recording.js';

export interface RtcPersonOptions {
  readonly wsUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly room: string;
  readonly identity: string;
  readonly name: string;
}

export interface ReceivedPacket {
  readonly payload: Uint8Array;
  readonly topic: string | undefined;
  readonly from: string | undefined;
}

const RATE_HZ = 16_000;
const FRAME_SAMPLES = 160;

/** A real participant of a real room, who can speak and listen. */
export class RtcPerson implements Voice {
  readonly received: ReceivedPacket[] = [];
  readonly #room = new Room();
  readonly #source = new AudioSource(RATE_HZ, 1, 200);
  readonly #waiting: (() => void)[] = [];

  private constructor() {
    this.#room.on(
      RoomEvent.DataReceived,
      (payload: Uint8Array, from?: RemoteParticipant, _kind?: unknown, topic?: string) => {
        this.received.push({ payload, topic, from: from?.identity });
        for (const wake of this.#waiting.splice(0)) wake();
      },
    );
  }

  static async join({ wsUrl, apiKey, apiSecret, room, identity, name }: RtcPersonOptions): Promise<RtcPerson> {
    const token = new AccessToken(apiKey, apiSecret, { identity, name, ttl: '10m' });
    token.addGrant({ roomJoin: true, room });
    const person = new RtcPerson();
    await person.#room.connect(wsUrl, await token.toJwt(), { autoSubscribe: false, dynacast: false });
    return person;
  }

  async publishMicrophone(): Promise<void> {
    const track = LocalAudioTrack.createAudioTrack('mic', this.#source);
    const options = new TrackPublishOptions();
    options.source = TrackSource.SOURCE_MICROPHONE;
    await this.#room.localParticipant?.publishTrack(track, options);
  }

  /** The source takes frames as fast as they are played, so this takes as long as the recording. */
  say({ samples }: Recording): Promise<void> {
    return this.#play(samples);
  }

  /** Plays silence, so that whoever speaks next begins later. */
  pause(durationMs: number): Promise<void> {
    return this.#play(new Int16Array((durationMs * RATE_HZ) / 1_000));
  }

  async #play(samples: Int16Array): Promise<void> {
    for (let at = 0; at < samples.length; at += FRAME_SAMPLES) {
      const frame = new Int16Array(FRAME_SAMPLES);
      frame.set(samples.subarray(at, at + FRAME_SAMPLES));
      await this.#source.captureFrame(new AudioFrame(frame, RATE_HZ, 1, FRAME_SAMPLES));
    }
    await this.#source.waitForPlayout();
  }

  /** Resolves when a received packet makes it true. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async leave(): Promise<void> {
    await this.#room.disconnect();
    await this.#source.close();
  }
}
