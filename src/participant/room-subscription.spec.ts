import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Deferred } from '../async/deferred.js';
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

class FakeCredentials extends RoomCredentials {
  answers: (RoomCredential | undefined | Error | Promise<undefined>)[] = [];
  asked = 0;

  override async create(): Promise<RoomCredential | undefined> {
    this.asked += 1;
    const answer = this.answers.length > 0 ? this.answers.shift() : { url: 'ws://nowhere', token: 'any' };
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

class CountingSink extends TrackAudioSink {
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

describe('RoomSubscription', () => {
  let credentials: FakeCredentials;
  let sink: CountingSink;
  let pool: ProcessPool;
  let room: RoomSubscription;
  let receiving: boolean[];
  let stops: number;

  const open = (options: Partial<PoolOptions> = {}): TrackSubscription => {
    pool = new ProcessPool({ program, roomsPerProcess: 2, memoryBytes: Infinity, ...options });
    room = newRoom('s');
    return subscribe(room);
  };
  const newRoom = (sessionId: string): RoomSubscription =>
    new RoomSubscription({
      sessionId,
      room: 'r',
      credentials,
      pool,
      sink,
      onSoundStopped: () => (stops += 1),
      onUnusable: () => undefined,
    });
  const subscribe = (at: RoomSubscription, trackSid = 'TR_440'): TrackSubscription => {
    const subscription = at.subscribe({ sessionId: 's', room: 'r', trackSid, identity: 'alice' });
    if (subscription === undefined) throw new Error('not subscribed');
    subscription.onReceiving((isReceiving) => receiving.push(isReceiving));
    return subscription;
  };
  const until = async (condition: () => boolean): Promise<void> => {
    const deadlineMs = Date.now() + WITHIN_MS;
    while (!condition()) {
      if (Date.now() > deadlineMs) throw new Error(`it does not come: ${JSON.stringify([...room.reports()])}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const state = () => room.reports().get('TR_440');

  beforeEach(() => {
    credentials = new FakeCredentials();
    sink = new CountingSink();
    receiving = [];
    stops = 0;
  });
  afterEach(async () => {
    room.close();
    await pool.close();
  });

  it('replaces a process that hangs', async () => {
    const subscription = open();
    await subscription.established;
    const [hung] = pool.processes;
    process.kill(hung?.pid ?? -1, 'SIGSTOP');
    await until(() => receiving.length === 3);
    expect(receiving).toEqual([true, false, true]);
    expect(state()).toMatchObject({ state: 'streaming', restarts: 1 });
    await hung?.ended;
    expect(pool.processes.map(({ pid }) => pid)).not.toContain(hung?.pid);
  });

  it('reports once for each track that its sound has stopped, and not for one that is closed', async () => {
    const subscription = open();
    const other = subscribe(room, 'TR_900');
    await Promise.all([subscription.established, other.established]);
    const [lost] = pool.processes;
    process.kill(lost?.pid ?? -1, 'SIGKILL');
    await until(() => subscription.receiving && other.receiving && receiving.length === 6);
    expect(stops).toBe(2);
    subscription.close('track-gone');
    await subscription.ended;
    expect([subscription.receiving, stops]).toEqual([false, 2]);
  });

  it('replaces a process that leaks without an interruption', async () => {
    const subscription = open({ memoryBytes: 1, leastLifeMs: 1_000 });
    await subscription.established;
    const [leaking] = pool.processes;
    await leaking?.ended;
    await until(() => sink.samples > 0);
    expect(receiving).toEqual([true]);
    expect(pool.processes).toHaveLength(1);
  });

  it('shares a process among a bounded number of rooms', async () => {
    const first = open();
    const others = ['b', 'c'].map(newRoom);
    await Promise.all([first, ...others.map((other) => subscribe(other))].map(async ({ established }) => established));
    expect(pool.processes).toHaveLength(2);
    expect(pool.connections).toBe(3);
    for (const other of others) other.close();
  });

  it('tries again while LiveKit cannot be reached, and says so', async () => {
    const nextAttempt = new Deferred<undefined>();
    credentials.answers = [new Error('down'), nextAttempt.promise];
    const subscription = open();
    await until(() => state()?.reason === 'LiveKit cannot be reached');
    nextAttempt.resolve(undefined);
    await until(() => state()?.reason === 'the room is closed');
    expect(state()?.state).toBe('starting');
    await subscription.established;
    expect(credentials.asked).toBe(3);
    expect(state()).toEqual({ state: 'streaming', restarts: 0 });
  });

  it('says that it failed while LiveKit refuses the keys', async () => {
    const nextAttempt = new Deferred<undefined>();
    credentials.answers = [{ url: 'ws://nowhere', token: 'refused' }, nextAttempt.promise];
    const subscription = open();
    await until(() => state()?.state === 'failed');
    expect(state()?.reason).toContain('LIVEKIT_API_KEY');
    nextAttempt.resolve(undefined);
    await subscription.established;
  });

  it('leaves with the session, and closes what it opened', async () => {
    const subscription = open();
    await until(() => sink.samples > 0);
    subscription.close('session-over');
    await subscription.ended;
    expect(sink.closed).toBe(1);
    await until(() => pool.connections === 0);
    expect(room.closed).toBe(true);
    expect(subscription.receiving).toBe(false);
  });
});
