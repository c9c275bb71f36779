import { describe, expect, it } from '@jest/globals';
import { TrackSpeechActivity } from '../media/track-speech-activity.js';
import { AudioSources } from './audio-sources.port.js';
import { timePasses, useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { routingPolicy, type RoutingStep } from './routing-policy.js';
import { ScriptedSlots } from './scripted-slots.spec-kit.js';
import { ScriptedSource } from './scripted-source.spec-kit.js';
import { TrackRouter } from './track-router.js';

useVirtualTime();

const COURSES = 150;
const STEPS = 25;
const OVERFLOWS: readonly Exclude<RoutingStep, 'egress'>[][] = [
  ['pair', 'queue'],
  ['pair', 'participant'],
  ['pair', 'reject'],
  ['pair', 'room-egress'],
  ['room-egress', 'pair'],
  ['participant', 'pair', 'queue'],
];

class Voices extends TrackSpeechActivity {
  silentMs: number | undefined;

  override silentForMs(): number | undefined {
    return this.silentMs;
  }
}

const settled = async (): Promise<void> => {
  for (let n = 0; n < 8; n++) await new Promise(setImmediate);
};

/** Numbers that look random, the same for the same seed. */
const numbersOf = (seed: number) => {
  let state = seed + 1;
  return (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
};

describe('TrackRouter, whoever comes, goes and fails in whatever order', () => {
  const begin = (seed: number) => {
    const any = numbersOf(seed);
    const limit = 1 + any(4);
    const [slots, speechActivity, registry] = [new ScriptedSlots(limit), new Voices(), new AudioSources()];
    const single = new ScriptedSource('egress', slots);
    const paired = new ScriptedSource('paired-egress', slots);
    const room = new ScriptedSource('room-egress', slots);
    const sources = [single, paired, room, new ScriptedSource('participant')];
    for (const source of sources) registry.register(source);
    let nowMs = 0;
    const policy = routingPolicy(any(4) === 0 ? 'paired-egress' : 'egress', OVERFLOWS[seed % OVERFLOWS.length]!);
    const router = new TrackRouter({
      ...{ policy, sources: registry, slots, speechActivity, nowMs: () => nowMs },
      onGap: () => undefined,
      onRejected: () => undefined,
    });
    slots.onChange(() => router.scheduleReview());
    const present = new Set<string>();
    const open = () =>
      sources.flatMap(({ subscriptions }) => subscriptions.filter(({ closed }) => closed === undefined));
    const establishSome = (): void => {
      for (const subscription of open())
        if (subscription.waitsForSlot !== true && any(2) === 0) subscription.establish();
    };
    const come = (): void => {
      const trackSid = `T${any(1_000_000)}`;
      present.add(trackSid);
      router.add({ sessionId: 's', room: 'r', trackSid, identity: trackSid });
    };
    const go = (): void => {
      const trackSid = [...present][any(present.size || 1)];
      if (trackSid === undefined) return;
      present.delete(trackSid);
      router.remove(trackSid);
    };
    const fail = (): void => {
      const subscription = open()[any(open().length || 1)];
      subscription?.refuse('it fails', (['source', 'track', 'subscription'] as const)[any(3)]);
    };
    const step = async (): Promise<void> => {
      const kind = any(10);
      speechActivity.silentMs = any(3) === 0 ? 0 : undefined;
      if (kind < 4) come();
      else if (kind < 6) go();
      else if (kind < 9) establishSome();
      else fail();
      if (any(2) === 0) await settled();
    };
    /** Everybody pauses, everything that can is established, and whoever was barred or waited long is tried again. */
    const calm = async (): Promise<void> => {
      speechActivity.silentMs = undefined;
      for (let n = 0; n < 12; n++) {
        nowMs += 31_000;
        await timePasses(n === 0 ? 120 : 0);
        for (const subscription of open()) if (subscription.waitsForSlot !== true) subscription.establish();
        router.scheduleReview();
        await settled();
      }
    };
    return { step, calm, router, slots, present, open, room };
  };

  const check = async (seed: number): Promise<void> => {
    const { step, calm, router, slots, present, open, room } = begin(seed);
    for (let n = 0; n < STEPS; n++) await step();
    await calm();
    const isRoom = room.open.length > 0;
    const carried = open().flatMap(({ target, gone }) => target.split(',').filter((sid) => !gone.includes(sid)));
    const states = [...router.reports()].map(([trackSid, { state }]) => ({ trackSid, state }));
    const unheard = states.filter(({ state }) => state !== 'streaming');
    expect({ seed, sids: states.map(({ trackSid }) => trackSid).sort() }).toEqual({ seed, sids: [...present].sort() });
    expect({ seed, taken: slots.taken }).toEqual({
      seed,
      taken: open().filter(({ waitsForSlot }) => waitsForSlot === false).length,
    });
    if (isRoom) expect({ seed, open: open().length, unheard }).toEqual({ seed, open: 1, unheard: [] });
    else {
      const rejected = unheard.filter(({ state }) => state === 'failed').map(({ trackSid }) => trackSid);
      expect({ seed, carried: [...carried, ...rejected].sort() }).toEqual({ seed, carried: [...present].sort() });
      if (unheard.length > 0) expect({ seed, free: slots.free }).toEqual({ seed, free: 0 });
    }
    router.end();
    await calm();
    expect({ seed, open: open().length, taken: slots.taken }).toEqual({ seed, open: 0, taken: 0 });
  };

  it('carries each track once, nobody who is gone, and gives every slot back', async () => {
    await Promise.all(Array.from({ length: COURSES }, (_, seed) => check(seed)));
  });
});
