import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { MergedReport } from '../sessions/session-reports.port.js';
import { SocketLook } from './socket-look.js';

const reportOf = (tracks: Readonly<Record<string, object>>): MergedReport => ({
  sections: {},
  counters: {},
  track: (trackSid) => ({ ...tracks[trackSid] }),
});
const FRAME_BYTES = 1920 + 8;

describe('SocketLook', () => {
  let nowMs = 0;

  beforeEach(() => {
    jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const looks = (then: object, now: object, afterMs = 2_000): [SocketLook, SocketLook] => {
    nowMs = 0;
    const before = new SocketLook(['TR_1'], reportOf({ TR_1: then }));
    nowMs = afterMs;
    return [before, new SocketLook(['TR_1'], reportOf({ TR_1: now }))];
  };

  it('tells Egress’s rate from the bytes on the wire, less the headers of frames', () => {
    const wire = { codec: 'pcm', frames: 7, bytesReceived: 500 };
    const [before, after] = looks(wire, { ...wire, frames: 207, bytesReceived: 500 + 200 * FRAME_BYTES });
    expect(after.since(before, 'TR_1')).toEqual({ framesPerS: 100, rateHz: 48_000 });
  });

  it('knows frames alone of Opus', () => {
    const wire = { codec: 'opus', frames: 0, bytesReceived: 0 };
    const [before, after] = looks(wire, { ...wire, frames: 100, bytesReceived: 9_000 });
    expect(after.since(before, 'TR_1')).toEqual({ framesPerS: 50 });
  });

  it('knows nothing of a track without a socket, or with another one than before', () => {
    const wire = { codec: 'pcm', frames: 50, bytesReceived: 50 * FRAME_BYTES };
    const [none, first] = looks({}, wire);
    expect(first.since(none, 'TR_1')).toBeUndefined();
    const [before, after] = looks(wire, { ...wire, frames: 10 });
    expect(after.since(before, 'TR_1')).toBeUndefined();
  });
});
