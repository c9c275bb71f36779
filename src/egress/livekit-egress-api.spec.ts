import { describe, expect, it } from '@jest/globals';
import { EgressInfo, EgressStatus } from 'livekit-server-sdk';
import { listedEgress } from './livekit-egress-api.js';

const URL = 'wss://here.example.org/egress/audio/s/TR_a,TR_b?token={...}';
const info = (json: object): EgressInfo => EgressInfo.fromJson({ egressId: 'EG_1', roomName: 'r', ...json });

describe('what LiveKit says of an egress', () => {
  it.each([
    ['of a track', { track: { websocketUrl: URL } }],
    ['of media whose stream it reports', { streamResults: [{ url: URL }], egress: { outputs: [{ stream: {} }] } }],
    ['of media as it was asked for', { egress: { outputs: [{ file: {} }, { stream: { urls: [URL] } }] } }],
  ])('names the address that it dials: %s', (_, json) => {
    expect(listedEgress(info(json))).toEqual({ egressId: 'EG_1', room: 'r', url: URL, active: true, end: undefined });
  });

  it('names none where it writes no stream, and says how it ended', () => {
    const ended = info({ status: EgressStatus.EGRESS_COMPLETE, egress: { outputs: [{ file: {} }] } });
    expect(listedEgress(ended)).toMatchObject({ url: '', active: false, end: 'complete' });
  });
});
