import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AudioSourceChoice } from '../media/audio-source.js';
import type { TrackKind } from '../media/track-kind.js';
import { TrackSpeechActivity } from '../media/track-speech-activity.js';
import { AudioSources } from './audio-sources.port.js';
import { timePasses, useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { routingPolicy, type RoutingStep } from './routing-policy.js';
import { ScriptedSource } from './scripted-source.spec-kit.js';
import { ScriptedSlots } from './scripted-slots.spec-kit.js';
import { TrackRouter } from './track-router.js';
import type { CoverageGap } from './coverage-tracker.js';

useVirtualTime();

class Talking extends TrackSpeechActivity {
  silentMs: number | undefined = 0;

  override silentForMs(): number | undefined {
    return this.silentMs;
  }
}

const settled = async (): Promise<void> => {
  for (let n = 0; n < 5; n++) await new Promise(setImmediate);
};

describe('TrackRouter', () => {
  let slots: ScriptedSlots;
  let single: ScriptedSource;
  let paired: ScriptedSource;
  let room: ScriptedSource;
  let participant: ScriptedSource;
  let speechActivity: Talking;
  let nowMs: number;
  let gaps: CoverageGap[];
  let rejections: number[];
  let router: TrackRouter;

  const begin = (
    choice: AudioSourceChoice,
    overflow: Exclude<RoutingStep, 'egress'>[],
    limit = 2,
    withParticipant = true,
  ): void => {
    slots = new ScriptedSlots(limit);
    const sources = new AudioSources();
    single = new ScriptedSource('egress', slots);
    paired = new ScriptedSource('paired-egress', slots);
    room = new ScriptedSource('room-egress', slots);
    participant = new ScriptedSource('participant');
    for (const source of [single, paired, room]) sources.register(source);
    if (withParticipant) sources.register(participant);
    router = new TrackRouter({
      ...{ policy: routingPolicy(choice, overflow), sources, slots, speechActivity, nowMs: () => nowMs },
      onGap: (gap) => gaps.push(gap),
      onRejected: (count) => rejections.push(count),
    });
    slots.onChange(() => router.scheduleReview());
  };
  const add = async (...trackSids: string[]): Promise<void> => {
    for (const trackSid of trackSids) router.add({ sessionId: 's', room: 'r', trackSid, identity: trackSid });
    await settled();
  };
  /** Everything that has begun is established; what waits for a slot has not. */
  const establish = async (): Promise<void> => {
    for (const source of [single, paired, room, participant]) {
      for (const subscription of source.subscriptions) {
        if (subscription.closed === undefined && !subscription.waitsForSlot) subscription.establish();
      }
    }
    await settled();
  };
  const report = (trackSid: string) => router.reports().get(trackSid);

  beforeEach(() => {
    speechActivity = new Talking();
    nowMs = 0;
    gaps = [];
    rejections = [];
  });
  afterEach(() => {
    router.end();
  });

  it('gives each track an egress while slots last, and ends it with the track or the session', async () => {
    begin('egress', ['queue']);
    await add('A', 'B');
    expect(single.open).toEqual(['A', 'B']);
    await establish();
    expect(report('A')).toEqual({ source: 'egress', state: 'streaming' });
    const [a, b] = [single.of('A'), single.of('B')];
    router.remove('A');
    router.end();
    expect([a?.closed, b?.closed]).toEqual(['track-gone', 'session-over']);
  });

  it('queue: who finds no slot waits for one, and what was not heard is told with its span', async () => {
    begin('egress', ['queue']);
    await add('A', 'B', 'C');
    expect(single.open).toEqual(['A', 'B', 'C']);
    await establish();
    expect(slots.waiting).toBe(1);
    single.of('C')?.setReceiving(false);
    expect(report('C')).toMatchObject({ source: 'egress' });
    nowMs = 9_000;
    router.remove('A');
    single.of('C')?.setReceiving(true);
    expect(gaps).toEqual([{ startMs: 0, endMs: 9_000 }]);
  });

  it('reject: says so in the session, and how many there are', async () => {
    begin('egress', ['reject'], 1);
    await add('A', 'B');
    expect(report('B')).toMatchObject({ state: 'failed', reason: expect.stringContaining('no source') });
    expect(rejections).toEqual([1]);
    router.remove('B');
    expect(rejections).toEqual([1, 0]);
  });

  it('participant: the rest is heard by joining the room', async () => {
    begin('egress', ['participant', 'queue'], 1);
    await add('A', 'B', 'C');
    expect([single.open, participant.open]).toEqual([['A'], ['B', 'C']]);
  });

  it('goes on to the next way where a source cannot work here, or gives up', async () => {
    begin('egress', ['participant', 'queue'], 1, false);
    await add('A', 'B');
    expect(single.open).toEqual(['A', 'B']);
    router.end();
    begin('egress', ['participant', 'reject'], 1);
    await add('A', 'B');
    participant.of('B')?.refuse('the room does not let us in');
    await settled();
    expect([participant.open, report('B')?.['state']]).toEqual([[], 'failed']);
  });

  it('queue: takes who was refused, too, since the account may have less than we count', async () => {
    begin('egress', ['queue'], 2);
    await add('A', 'B');
    single.of('B')?.refuse('LiveKit’s Egress limit is reached');
    await settled();
    expect([single.open, report('B')?.['state']]).toEqual([['A', 'B'], undefined]);
  });

  it('pair: who comes together shares from the start where slots would not last', async () => {
    begin('egress', ['pair', 'queue']);
    await add('A', 'B', 'C', 'D');
    expect([single.open, paired.open, slots.free]).toEqual([[], ['A,B', 'C,D'], 0]);
  });

  it('pair: uses the last spare slot to pair, make before break', async () => {
    begin('egress', ['pair', 'queue']);
    await add('A');
    await establish();
    await add('B');
    expect([single.open, paired.open]).toEqual([['A'], ['A,B']]);
    await establish();
    expect([single.open, paired.open, slots.free]).toEqual([[], ['A,B'], 1]);
    expect(report('A')).toEqual({ source: 'paired-egress', state: 'streaming' });
    expect(gaps).toEqual([]);
  });

  it('pair: without a spare slot both are bridged by joining the room, where that is a way', async () => {
    begin('egress', ['pair', 'participant'], 1);
    await add('A');
    await establish();
    await add('B');
    expect([single.open, participant.open, paired.open]).toEqual([['A'], ['A', 'B'], []]);
    participant.of('A')?.establish();
    participant.of('B')?.establish();
    await settled();
    expect([single.open, paired.open]).toEqual([[], ['A,B']]);
    paired.of('A,B')?.establish();
    await settled();
    expect([paired.open, participant.open, gaps]).toEqual([['A,B'], [], []]);
  });

  it('pair: without a bridge waits for a pause of the speaker, and tells what was missed', async () => {
    begin('egress', ['pair', 'queue'], 1);
    speechActivity.silentMs = 0;
    await add('A');
    await establish();
    await add('B');
    expect([single.open, report('B')]).toEqual([['A'], { state: 'waiting-for-egress-slot' }]);
    speechActivity.silentMs = 1_000;
    await timePasses(150);
    await settled();
    expect([single.open, paired.open]).toEqual([[], ['A,B']]);
    nowMs = 700;
    paired.of('A,B')?.establish();
    await settled();
    expect(gaps).toEqual([
      { startMs: 0, endMs: 700 },
      { startMs: 0, endMs: 700 },
    ]);
    expect(report('B')).toEqual({ source: 'paired-egress', state: 'streaming' });
  });

  it('pair: one leaves and the other goes on; who comes next takes the empty side', async () => {
    begin('egress', ['pair', 'queue'], 1);
    await add('A', 'B');
    await establish();
    const pair = paired.of('A,B');
    router.remove('A');
    expect([pair?.closed, pair?.gone]).toEqual([undefined, ['A']]);
    speechActivity.silentMs = undefined;
    await add('C');
    expect([pair?.closed, paired.open]).toEqual(['handed-over', ['B,C']]);
    router.remove('B');
    await settled();
    expect([paired.open, single.open]).toEqual([[], ['C']]);
  });

  it('pair: a server that is too old gets one egress a track instead', async () => {
    begin('paired-egress', ['queue']);
    await add('A', 'B');
    paired.of('A,B')?.refuse('this server cannot do that yet');
    await settled();
    expect([paired.open, single.open]).toEqual([[], ['A', 'B']]);
  });

  it('pair: who gets an egress of its own needs no partner while slots last', async () => {
    begin('auto', [], 100);
    await add('A');
    await establish();
    await add('B');
    await establish();
    expect([single.open, paired.open]).toEqual([['A', 'B'], []]);
  });

  it('pair: one that is still being made ends when one of the two leaves, and the other is heard alone', async () => {
    begin('egress', ['pair', 'queue']);
    await add('A');
    await establish();
    await add('B');
    expect(paired.open).toEqual(['A,B']);
    router.remove('A');
    await settled();
    expect([paired.open, single.open, slots.free]).toEqual([[], ['B'], 1]);
    router.remove('B');
    expect([single.open, slots.free]).toEqual([[], 2]);
  });

  it('pair: two who were to share go on alone when one of them leaves meanwhile', async () => {
    begin('egress', ['pair', 'queue'], 3);
    await add('A');
    await add('B');
    await establish();
    expect(paired.open).toEqual(['A,B']);
    router.remove('B');
    await settled();
    expect([paired.open, single.open, report('A')]).toEqual([[], ['A'], { source: 'egress', state: 'streaming' }]);
  });

  it('pair: one that is still being made ends with the session', async () => {
    begin('egress', ['pair', 'queue'], 3);
    await add('A');
    await add('B');
    await establish();
    expect(paired.open).toEqual(['A,B']);
    router.end();
    await establish();
    expect([paired.open, single.open, slots.free]).toEqual([[], [], 3]);
  });

  it('pair: who waited for a pause of somebody who leaves is heard at once, and so is who is heard meanwhile', async () => {
    begin('egress', ['pair', 'queue'], 1);
    await add('A');
    await establish();
    await add('B');
    router.remove('A');
    await settled();
    expect([single.open, paired.open]).toEqual([['B'], []]);
    router.end();
    begin('egress', ['pair', 'participant'], 1);
    await add('A');
    await establish();
    await add('B');
    participant.of('B')?.establish();
    router.remove('A');
    await settled();
    expect([single.open, paired.open, participant.open]).toEqual([[], [], ['B']]);
    expect(report('B')).toEqual({ source: 'participant', state: 'streaming' });
  });

  it('pair: who gets a slot while waiting for a pause stays alone', async () => {
    begin('egress', ['pair', 'queue'], 2);
    const release = slots.tryAcquire();
    await add('A');
    await add('B');
    await establish();
    release?.();
    speechActivity.silentMs = undefined;
    await timePasses(150);
    await establish();
    expect([single.open, paired.open]).toEqual([['A', 'B'], []]);
  });

  it('pair: a half one that loses its stream bars neither pairs nor who is left', async () => {
    begin('egress', ['pair', 'reject'], 1);
    await add('A', 'B');
    await establish();
    router.remove('A');
    paired.of('A,B')?.refuse('the other track of the pair is gone', 'subscription');
    await settled();
    await establish();
    speechActivity.silentMs = undefined;
    await add('C');
    expect([single.open, paired.open]).toEqual([[], ['B,C']]);
  });

  it('pair, reject: who comes while others start waits for them, and shares with them', async () => {
    begin('egress', ['pair', 'reject']);
    speechActivity.silentMs = undefined;
    for (const trackSid of ['A', 'B', 'C', 'D']) await add(trackSid);
    expect([report('C'), report('D')]).toEqual(Array(2).fill({ state: 'waiting-for-egress-slot' }));
    await add('E');
    expect([report('E')?.['state'], rejections]).toEqual(['failed', [1]]);
    await establish();
    expect([paired.open, single.open]).toEqual([['A,C', 'B,D'], []]);
  });

  it('pair, reject: waits for a partner for seconds, not for ever', async () => {
    begin('egress', ['pair', 'reject'], 1);
    await add('A');
    await add('B');
    nowMs = 6_000;
    router.scheduleReview();
    await settled();
    expect([report('B')?.['state'], rejections]).toEqual(['failed', [1]]);
    speechActivity.silentMs = undefined;
    await establish();
    await establish();
    expect([paired.open, report('B')?.['state'], rejections]).toEqual([['A,B'], 'streaming', [1, 0]]);
  });

  it.each(['reject', 'pair'] as const)('%s: who was left out is heard when a slot is free', async (way) => {
    begin('egress', [way], 1);
    await add('A');
    await add('B');
    nowMs = 6_000;
    router.scheduleReview();
    await settled();
    expect([report('B')?.['state'], rejections]).toEqual(['failed', [1]]);
    router.remove('A');
    await settled();
    expect([single.open, rejections]).toEqual([['B'], [1]]);
    await establish();
    expect([report('B'), rejections]).toEqual([{ source: 'egress', state: 'streaming' }, [1, 0]]);
    single.of('B')?.setReceiving(false);
    router.scheduleReview();
    await settled();
    expect(rejections).toEqual([1, 0]);
  });

  it('paired-egress: pairs wherever it can, from the start', async () => {
    begin('paired-egress', ['queue'], 5);
    await add('A');
    await establish();
    await add('B', 'C');
    await establish();
    expect([paired.open, single.open]).toEqual([['B,C'], ['A']]);
    await add('D');
    await establish();
    expect([paired.open, single.open]).toEqual([['B,C', 'A,D'], []]);
  });

  it('room-egress: from the start, or when slots run out, and for who comes later', async () => {
    begin('room-egress', ['queue']);
    await add('A', 'B');
    expect([room.open, single.open]).toEqual([['A'], []]);
    router.end();
    begin('egress', ['room-egress', 'queue'], 1);
    await add('A');
    await establish();
    await add('B');
    expect([single.open, room.open, single.subscriptions[0]?.closed]).toEqual([[], ['A'], 'handed-over']);
    await add('C');
    await establish();
    expect(report('C')).toEqual({ source: 'room-egress', state: 'streaming' });
    const [all] = room.subscriptions;
    for (const trackSid of ['A', 'B']) router.remove(trackSid);
    expect(all?.closed).toBeUndefined();
    router.remove('C');
    expect(all?.closed).toBe('track-gone');
  });

  it('room-egress: carries nobody twice who was to share an egress, nor lets them share one later', async () => {
    begin('egress', ['pair', 'room-egress']);
    await add('A', 'B', 'C');
    await establish();
    await add('D');
    await add('E');
    await establish();
    speechActivity.silentMs = undefined;
    await timePasses(150);
    await settled();
    expect([single.open, paired.open, room.open]).toEqual([[], [], ['A']]);
    expect(report('D')).toEqual({ source: 'room-egress', state: 'streaming' });
    router.end();
    begin('egress', ['room-egress', 'pair']);
    await add('A');
    await establish();
    await add('B');
    expect(paired.open).toEqual(['A,B']);
    await add('C');
    await establish();
    expect([single.open, paired.open, room.open]).toEqual([[], [], ['A']]);
  });

  it('room-egress: is left for a moment where a pair is possible soon, and takes the slots of who just starts', async () => {
    begin('egress', ['pair', 'room-egress'], 1);
    speechActivity.silentMs = undefined;
    await add('A');
    await add('B');
    expect(room.open).toEqual([]);
    await establish();
    expect([paired.open, room.open]).toEqual([['A,B'], []]);
    router.end();
    begin('egress', ['room-egress', 'queue'], 1);
    await add('A');
    await add('B');
    expect([single.open, room.open]).toEqual([[], ['A']]);
  });

  it('room-egress: says what it waits for, and why', async () => {
    begin('room-egress', ['queue']);
    await add('A', 'B');
    const waits = { state: 'waiting-for-egress-slot' as const, reason: 'LiveKit’s Egress limit is reached' };
    room.subscriptions[0]!.state = waits;
    expect(report('B')).toEqual({ source: 'room-egress', ...waits });
  });

  it('auto: egress, then pairs, then joining the room', async () => {
    begin('auto', ['reject']);
    await add('A', 'B', 'C', 'D', 'E');
    expect([paired.open, participant.open]).toEqual([['A,B', 'C,D'], ['E']]);
  });

  it('participant: one whom we may not hear keeps nobody else from being heard', async () => {
    begin('participant', []);
    await add('A');
    participant.of('A')?.refuse('its publisher does not let us hear the track', 'track');
    await settled();
    expect(report('A')).toEqual({ state: 'failed', reason: 'its publisher does not let us hear the track' });
    nowMs = 5_000;
    await add('B');
    await establish();
    expect([participant.open, rejections]).toEqual([['B'], [1]]);
    nowMs = 31_000;
    router.scheduleReview();
    await settled();
    expect([participant.open, rejections]).toEqual([['B', 'A'], [1]]);
    router.end();
    begin('auto', [], 1);
    await add('A', 'B', 'C');
    participant.of('C')?.refuse('its publisher does not let us hear the track', 'track');
    await settled();
    await add('D');
    expect([single.open, participant.open]).toEqual([['C'], ['D']]);
  });

  it('participant: joins the room for everybody, and says so where it cannot', async () => {
    begin('participant', ['queue'], 2);
    await add('A', 'B');
    expect([participant.open, single.open]).toEqual([['A', 'B'], []]);
    router.end();
    begin('participant', ['queue'], 2, false);
    await add('A');
    expect(report('A')?.['state']).toBe('failed');
  });

  describe('a participant who publishes a track again', () => {
    const publish = async (trackSid: string, identity = 'alice', kind?: TrackKind): Promise<void> => {
      router.add({ sessionId: 's', room: 'r', trackSid, identity, ...(kind && { kind }) });
      await settled();
    };
    /** Alice is heard until 10 s. */
    const aliceIsHeard = async (choice: AudioSourceChoice = 'egress'): Promise<void> => {
      begin(choice, ['queue'], 5);
      await publish('A');
      await establish();
      nowMs = 10_000;
    };

    it('is not heard from the end of the former track until the new one is, however short that is', async () => {
      await aliceIsHeard();
      single.of('A')?.setReceiving(false);
      nowMs = 10_100;
      router.remove('A');
      await publish('A2');
      nowMs = 10_600;
      await establish();
      expect(gaps).toEqual([{ startMs: 10_000, endMs: 10_600 }]);
    });

    it('is told as one who was heard until the room listed the track no more', async () => {
      await aliceIsHeard();
      router.remove('A');
      nowMs = 12_900;
      await publish('A2');
      nowMs = 13_300;
      await establish();
      expect(gaps).toEqual([{ startMs: 10_000, endMs: 13_300 }]);
    });

    it('is told in two gaps without a hole, where the loss of the former was told', async () => {
      await aliceIsHeard();
      single.of('A')?.setReceiving(false);
      nowMs = 14_000;
      router.remove('A');
      await publish('A2');
      nowMs = 14_500;
      await establish();
      expect(gaps).toEqual([
        { startMs: 10_000, endMs: 14_000 },
        { startMs: 14_000, endMs: 14_500 },
      ]);
    });

    it('and once more before the second is heard, is told in one gap', async () => {
      await aliceIsHeard();
      router.remove('A');
      await publish('A2');
      nowMs = 10_400;
      router.remove('A2');
      await publish('A3');
      nowMs = 10_900;
      await establish();
      expect(gaps).toEqual([{ startMs: 10_000, endMs: 10_900 }]);
    });

    it('before the former is gone, is told too', async () => {
      await aliceIsHeard();
      await publish('A2');
      nowMs = 10_300;
      router.remove('A');
      nowMs = 10_500;
      await establish();
      expect(gaps).toEqual([{ startMs: 10_000, endMs: 10_500 }]);
    });

    it('only once for each track that is gone', async () => {
      await aliceIsHeard();
      router.remove('A');
      await publish('A2');
      nowMs = 10_200;
      await publish('A3');
      nowMs = 10_600;
      await establish();
      expect(gaps).toEqual([
        { startMs: 10_000, endMs: 10_600 },
        { startMs: 10_200, endMs: 10_600 },
      ]);
    });

    it('long after is reported from the moment of publication', async () => {
      await aliceIsHeard();
      router.remove('A');
      nowMs = 13_001;
      await publish('A2');
      nowMs = 13_500;
      router.remove('A2');
      await publish('A3');
      nowMs = 14_500;
      await establish();
      expect(gaps).toEqual([
        { startMs: 13_001, endMs: 13_500 },
        { startMs: 13_500, endMs: 14_500 },
      ]);
    });

    it.each<[string, string, TrackKind]>([
      ['somebody else’s track', 'bob', 'microphone'],
      ['the sound of a screen', 'alice', 'screen_share_audio'],
    ])('is not taken for who publishes %s', async (_, identity, kind) => {
      await aliceIsHeard();
      router.remove('A');
      nowMs = 10_300;
      await publish('X', identity, kind);
      nowMs = 10_900;
      await establish();
      expect(gaps).toEqual([{ startMs: 10_300, endMs: 10_900 }]);
    });

    it('is heard all the time by what hears the whole room', async () => {
      begin('room-egress', ['queue']);
      await publish('A');
      await publish('B', 'bob');
      await establish();
      nowMs = 10_000;
      router.remove('A');
      nowMs = 10_001;
      await publish('A2');
      nowMs = 10_500;
      expect([gaps, report('A2')?.['state']]).toEqual([[], 'streaming']);
    });

    it('is not heard by what heard the room for that track alone', async () => {
      await aliceIsHeard('room-egress');
      router.remove('A');
      await publish('A2');
      nowMs = 10_500;
      await establish();
      expect(gaps).toEqual([{ startMs: 10_000, endMs: 10_500 }]);
    });
  });
});
