import { describe, expect, it } from '@jest/globals';
import type { TrackConnection } from '../sessions/session-states.port.js';
import { rateBetween } from './session-snapshot.js';

const FRAME_BYTES = 1920 + 8;
const connection = (more: Partial<TrackConnection>): TrackConnection => ({
  codec: 'pcm',
  frames: 0,
  bytesReceived: 0,
  muted: false,
  ...more,
});

describe('rateBetween', () => {
  it('tells Egress’s rate from the bytes of the connection, less the headers of frames', () => {
    const before = connection({ frames: 7, bytesReceived: 500 });
    const after = connection({ frames: 207, bytesReceived: 500 + 200 * FRAME_BYTES });
    expect(rateBetween(before, after, 2_000)).toEqual({ framesPerS: 100, rateHz: 48_000 });
  });

  it('knows frames alone of Opus', () => {
    const after = connection({ codec: 'opus', frames: 100, bytesReceived: 9_000 });
    expect(rateBetween(connection({ codec: 'opus' }), after, 2_000)).toEqual({ framesPerS: 50 });
  });

  it('knows nothing of a track without a connection, or with another one than before', () => {
    const first = connection({ frames: 50, bytesReceived: 50 * FRAME_BYTES });
    expect(rateBetween(undefined, first, 2_000)).toBeUndefined();
    expect(rateBetween(first, undefined, 2_000)).toBeUndefined();
    expect(rateBetween(first, connection({ frames: 10 }), 2_000)).toBeUndefined();
  });
});
