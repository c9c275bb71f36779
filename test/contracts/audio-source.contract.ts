import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  AudioSource,
  AudioSubscription,
  SubscriptionEndReason,
  SubscribeOptions,
  TrackToTranscribe,
} from '../../src/media/audio-source.js';
import type { Ears } from './audio-source-ears.js';

/** What is heard without an end under one SID: a track with one person's tone, or the whole room. */
interface ToneTrack {
  readonly sid: string;
  readonly tonesHz: readonly number[];
}

/** A source of sound with a room in which tones are made. */
export interface SourceUnderTest {
  readonly source: AudioSource;
  readonly ears: Ears;
  /** What is carried, and how. */
  readonly track: TrackToTranscribe;
  readonly wishes?: SubscribeOptions;
  /** What is heard then. */
  readonly tones: readonly ToneTrack[];
  /** Ends what brings the sound, as a crash would. */
  crash(): Promise<void>;
  /** All tracks are unpublished. */
  unpublish(): void;
  /** From now on the source can take no more, or cannot work at all. */
  fill(): void;
  /** Resolves when so much time has passed that more of the track's sound would have come, if any came. */
  soundGoesOn(): Promise<void>;
  /** How often the house was told that sound has stopped. */
  soundStopped(): number;
  close(): Promise<void>;
}

const CLOSES: readonly SubscriptionEndReason[] = ['track-gone', 'session-over', 'handed-over'];

/** The world of one test, and what the laws ask of it. */
class Room {
  #world: SourceUnderTest | undefined;

  constructor(private readonly start: () => Promise<SourceUnderTest>) {
    beforeEach(async () => {
      this.#world = await this.start();
    });
    afterEach(async () => {
      await this.#world?.close();
    });
  }

  get world(): SourceUnderTest {
    if (this.#world === undefined) throw new Error('the world was not started');
    return this.#world;
  }

  carry(): AudioSubscription | undefined {
    return this.world.source.subscribe(this.world.track, this.world.wishes);
  }

  async carried(): Promise<AudioSubscription> {
    const carriage = this.carry();
    if (carriage === undefined) throw new Error('the source does not carry the track');
    await carriage.established;
    return carriage;
  }

  async hearsAllTones(): Promise<void> {
    const { ears, tones } = this.world;
    await Promise.all(tones.map(async ({ sid, tonesHz }) => ears.hears(sid, tonesHz)));
  }

  forgetAll(): void {
    for (const { sid } of this.world.tones) this.world.ears.forget(sid);
  }

  samples(): number[] {
    return this.world.tones.map(({ sid }) => this.world.ears.samplesOf(sid));
  }
}

/** The law for every source of sound. */
export function audioSourceContract(start: () => Promise<SourceUnderTest>): void {
  describe('as a source of sound', () => {
    const room = new Room(start);
    lawsOfCarrying(room);
    lawsOfEnding(room);
  });
}

function lawsOfCarrying(room: Room): void {
  it('brings each track’s own sound once it is established', async () => {
    await room.carried();
    await room.hearsAllTones();
  });

  it('goes on by itself after a crash, and says when it was not heard', async () => {
    const carriage = await room.carried();
    const heard: boolean[] = [];
    carriage.onReceiving?.((is) => heard.push(is));
    await room.hearsAllTones();
    await room.world.crash();
    room.forgetAll();
    await room.hearsAllTones();
    expect(heard).toEqual([false, true]);
  });

  it('lets the house know when sound stops that should go on, since the track may be gone', async () => {
    await room.carried();
    await room.hearsAllTones();
    expect(room.world.soundStopped()).toBe(0);
    await room.world.crash();
    room.forgetAll();
    await room.hearsAllTones();
    expect(room.world.soundStopped()).toBe(1);
  });

  it('does not carry a track twice', async () => {
    await room.carried();
    expect(room.carry()).toBeUndefined();
  });

  it('refuses where it has no room', () => {
    room.world.fill();
    expect(room.carry()).toBeUndefined();
  });
}

function lawsOfEnding(room: Room): void {
  it.each(CLOSES)('brings nothing more when it has ended (%s), however often it is closed', async (why) => {
    const carriage = await room.carried();
    await room.hearsAllTones();
    if (why === 'track-gone') room.world.unpublish();
    carriage.close(why);
    carriage.close('session-over');
    await carriage.ended;
    const samples = room.samples();
    await room.world.soundGoesOn();
    carriage.close(why);
    expect(room.samples()).toEqual(samples);
    expect(Math.min(...samples)).toBeGreaterThan(0);
  });

  it('can be closed before anything came, and then carries the track anew', async () => {
    const early = room.carry();
    early?.close('session-over');
    await early?.ended;
    await room.carried();
    await room.hearsAllTones();
  });
}
