import { describe, expect, it } from '@jest/globals';
import type { TrackAudioSink } from '../media/track-audio-sink.js';
import { TrackSubscription } from './track-subscription.js';

const begin = (): TrackSubscription => {
  const track = { sessionId: 's', room: 'r', trackSid: 'TR_a', identity: 'alice' };
  return new TrackSubscription(
    track,
    {} as unknown as TrackAudioSink,
    () => undefined,
    () => ({ state: 'starting' }),
  );
};

describe('TrackSubscription', () => {
  it('distinguishes a publisher who permits no subscription from an installation that can join no room', async () => {
    const [denied, unusable] = [begin(), begin()];
    denied.deny();
    unusable.refuse('no process can join rooms');
    await expect(denied.refused).resolves.toContain('publisher');
    await expect(unusable.refused).resolves.toContain('process');
    expect([denied.refusalScope, unusable.refusalScope]).toEqual(['track', 'source']);
  });
});
