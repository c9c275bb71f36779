import { describe, expect, it } from '@jest/globals';
import { ChannelPlan } from './channel-plan.js';

describe('ChannelPlan', () => {
  it('gives each track a channel of its own, and the last to all further ones', () => {
    const plan = new ChannelPlan(2);
    expect(['A', 'B', 'C', 'D', 'A'].map((sid) => plan.assign(sid, 0))).toEqual([0, 1, 1, 1, 0]);
    expect(plan.tracksIn(1, 0, 1_000)).toEqual(['B', 'C', 'D']);
  });

  it('gives a free channel to the next track, and remembers which track had it when', () => {
    const plan = new ChannelPlan(2);
    plan.assign('A', 0);
    plan.assign('B', 0);
    plan.release('A', 500);
    expect(plan.channelOf('A')).toBeUndefined();
    expect(plan.assign('C', 600)).toBe(0);
    expect(plan.tracksIn(0, 9_000, 9_500)).toEqual(['A']);
    expect(plan.tracksIn(0, 12_500, 13_000)).toEqual(['C']);
    expect(plan.tracksIn(0, 9_500, 12_500)).toEqual(['A', 'C']);
  });

  it('moves one of the tracks that share a channel to one that becomes free', () => {
    const plan = new ChannelPlan(2);
    for (const sid of ['A', 'B', 'C']) plan.assign(sid, 0);
    plan.release('A', 100);
    expect(['B', 'C'].map((sid) => plan.channelOf(sid))).toEqual([1, 0]);
    expect(plan.tracksIn(1, 0, 1_900)).toEqual(['B', 'C']);
    expect(plan.tracksIn(1, 2_100, 3_000)).toEqual(['B']);
  });

  it('forgets tracks that left more than three minutes ago, and finds none in a channel that does not exist', () => {
    const plan = new ChannelPlan(2);
    plan.assign('A', 0);
    plan.release('A', 10);
    plan.forgetBefore(9_000);
    expect(plan.tracksIn(0, 0, 200)).toEqual(['A']);
    plan.forgetBefore(9_011);
    expect(plan.tracksIn(0, 0, 200)).toEqual([]);
    expect(plan.tracksIn(7, 0, 200)).toEqual([]);
    plan.release('nobody', 20);
  });
});
