import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nodeProgram } from '../../test/node-program.js';
import type { TrackAdmission, TrackInput } from '../media/track-audio-sink.js';
import { TrackAudioSink } from '../media/track-audio-sink.js';
import type { TrackSubscription } from './track-subscription.js';
import { ProcessPool, type PoolOptions } from './process-pool.js';
import { RoomCredentials, type RoomCredential } from './room-credentials.js';
import { RoomSubscription } from './room-subscription.js';

const program = nodeProgram(new URL('../../test/contracts/audio-source-child.ts', import.meta.url));
/** Real processes take as long as they take: this only ends a test that would hang. */
const WITHIN_MS = 50_000;

class Door extends RoomCredentials {
  answers: (RoomCredential | undefined | Error)[] = [];
  asked = 0;

  override async create(): Promise<RoomCredential | undefined> {
    this.asked += 1;
    const answer = this.answers.length > 0 ? this.answers.shift() : { url: 'ws://nowhere', token: 'any' };
    if (answer instanceof Error) throw answer;
    return Promise.resolve(answer);
  }
}

class Counting extends TrackAudioSink {
  samples = 0;
  closed = 0;

  override reportMissing(): void {}

  override admission(): TrackAdmission {
    return 'admitted';
  }

  override open(): TrackInput {
    return {
      write: (samples) => void (this.samples += samples.length),
      setMuted: () => undefined,
      close: () => void (this.closed += 1),
    };
  }
}

describe('our seat in a room', () => {
  let door: Door;
  let sink: Counting;
  let pool: ProcessPool;
  let seat: RoomSubscription;
  let heard: boolean[];
  let stops: number;

  const sit = (options: Partial<PoolOptions> = {}): TrackSubscription => {
    pool = new ProcessPool({ program, roomsPerProcess: 2, memoryBytes: Infinity, ...options });
    seat = newSeat('s');
    return carry(seat);
  };
  const newSeat = (sessionId: string): RoomSubscription =>
    new RoomSubscription({
      sessionId,
      room: 'r',
      credentials: door,
      pool,
      sink,
      onSoundStopped: () => (stops += 1),
      onUnusable: () => undefined,
    });
  const carry = (at: RoomSubscription, trackSid = 'TR_440'): TrackSubscription => {
    const carriage = at.subscribe({ sessionId: 's', room: 'r', trackSid, identity: 'alice' });
    if (carriage === undefined) throw new Error('not carried');
    carriage.onReceiving((is) => heard.push(is));
    return carriage;
  };
  const until = async (condition: () => boolean): Promise<void> => {
    const deadlineMs = Date.now() + WITHIN_MS;
    while (!condition()) {
      if (Date.now() > deadlineMs) throw new Error(`it does not come: ${JSON.stringify([...seat.reports()])}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const state = () => seat.reports().get('TR_440');

  beforeEach(() => {
    door = new Door();
    sink = new Counting();
    heard = [];
    stops = 0;
  });
  afterEach(async () => {
    seat.close();
    await pool.close();
  });

  it('replaces a process that hangs', async () => {
    const carriage = sit();
    await carriage.established;
    const [hung] = pool.processes;
    process.kill(hung?.pid ?? -1, 'SIGSTOP');
    await until(() => heard.length === 3);
    expect(heard).toEqual([true, false, true]);
    expect(state()).toMatchObject({ state: 'streaming', restarts: 1 });
    await hung?.ended;
    expect(pool.processes.map(({ pid }) => pid)).not.toContain(hung?.pid);
  });

  it('says that sound has stopped where a track is heard no more, once for each, and not of one that is closed', async () => {
    const carriage = sit();
    const other = carry(seat, 'TR_900');
    await Promise.all([carriage.established, other.established]);
    const [lost] = pool.processes;
    process.kill(lost?.pid ?? -1, 'SIGKILL');
    await until(() => carriage.receiving && other.receiving && heard.length === 6);
    expect(stops).toBe(2);
    carriage.close('track-gone');
    await carriage.ended;
    expect([carriage.receiving, stops]).toEqual([false, 2]);
  });

  it('replaces a process that leaks without an interruption', async () => {
    const carriage = sit({ memoryBytes: 1, leastLifeMs: 1_000 });
    await carriage.established;
    const [leaking] = pool.processes;
    await leaking?.ended;
    await until(() => sink.samples > 0);
    expect(heard).toEqual([true]);
    expect(pool.processes).toHaveLength(1);
  });

  it('shares a process among a bounded number of rooms', async () => {
    const first = sit();
    const others = ['b', 'c'].map(newSeat);
    await Promise.all([first, ...others.map((other) => carry(other))].map(async ({ established }) => established));
    expect(pool.processes).toHaveLength(2);
    expect(pool.connections).toBe(3);
    for (const other of others) other.close();
  });

  it('tries again while LiveKit cannot be reached, and says so', async () => {
    door.answers = [new Error('down'), undefined];
    const carriage = sit();
    await until(() => state()?.reason === 'LiveKit cannot be reached');
    await until(() => state()?.reason === 'the room is closed');
    expect(state()?.state).toBe('starting');
    await carriage.established;
    expect(door.asked).toBe(3);
    expect(state()).toEqual({ state: 'streaming', restarts: 0 });
  });

  it('says that it failed while LiveKit refuses the keys', async () => {
    door.answers = [{ url: 'ws://nowhere', token: 'refused' }];
    const carriage = sit();
    await until(() => state()?.state === 'failed');
    expect(state()?.reason).toContain('LIVEKIT_API_KEY');
    await carriage.established;
  });

  it('leaves with the session, and closes what it opened', async () => {
    const carriage = sit();
    await until(() => sink.samples > 0);
    carriage.close('session-over');
    await carriage.ended;
    expect(sink.closed).toBe(1);
    await until(() => pool.connections === 0);
    expect(seat.closed).toBe(true);
    expect(carriage.receiving).toBe(false);
  });
});
