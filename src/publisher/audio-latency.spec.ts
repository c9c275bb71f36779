import { describe, expect, it } from '@jest/globals';
import type { TranscriptSegment } from '../events/domain-events.js';
import type { AudioSourceName } from '../media/audio-source.js';
import { SessionStates } from '../sessions/session-states.port.js';
import { AudioLatencies } from './audio-latency.js';

const segment = (fields: Partial<TranscriptSegment> = {}): TranscriptSegment => ({
  ...{ segmentId: '1.1', revision: 1, final: true, text: 'Hello', language: 'en', candidates: [], confidence: 1 },
  ...{ startMs: 0, endMs: 1, words: [], source: 'server' as const },
  speaker: { identity: 'alice', name: 'Alice', trackSid: 'TR_a' },
  ...fields,
});

describe('AudioLatencies', () => {
  let source: AudioSourceName | undefined;
  const latenciesWith = (egressLatencyMs: number | undefined): AudioLatencies => {
    const states = new SessionStates();
    states.provide({ track: () => ({ source, reception: undefined }) });
    return new AudioLatencies({ topic: 'transcription', interimsEveryMs: 0, egressLatencyMs }, states);
  };

  it.each<[AudioSourceName, number | undefined, object]>([
    ['egress', undefined, { latencyMs: 0, from: 'unknown' }],
    ['egress', 300, { latencyMs: 300, from: 'configured' }],
    ['paired-egress', 0, { latencyMs: 0, from: 'configured' }],
    ['participant', 300, { latencyMs: 0, from: 'source' }],
  ])('by %s with EGRESS_LATENCY_MS %s', (name, latencyMs, expected) => {
    source = name;
    expect(latenciesWith(latencyMs).of('s', segment())).toEqual(expected);
  });

  it('knows a track that has gone, and whose it may have been', () => {
    const latencies = latenciesWith(300);
    source = 'participant';
    latencies.of('s', segment());
    source = undefined;
    expect(latencies.of('s', segment()).from).toBe('source');
    const unsure = segment({ speaker: null, candidates: [{ identity: 'alice', name: 'Alice', trackSid: 'TR_a' }] });
    expect(latencies.of('s', unsure).from).toBe('source');
    expect(latencies.of('t', segment()).from).toBe('configured');
  });

  it('takes the time of browsers as it is', () => {
    source = 'egress';
    expect(latenciesWith(300).of('s', segment({ source: 'client' }))).toEqual({ latencyMs: 0, from: 'source' });
  });
});
