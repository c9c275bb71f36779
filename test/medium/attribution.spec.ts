import { describe, expect, it } from '@jest/globals';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { attributionUnderTest } from '../talk/attribution-under-test.js';
import { CONDITIONS } from '../talk/conditions.js';
import { scoreAttribution } from '../talk/score-attribution.js';
import { total } from '../talk/score.js';
import { attribute } from '../../src/transcription/attribution/attribute.js';
import { MixTimeline } from '../../src/mixer/mix-timeline.js';
import { PauseDetector } from '../../src/mixer/pause-detector.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

const SEEDS = [1, 2];
const recordings = loadRecordings();

const service = () =>
  attributionUnderTest({ timeline: new MixTimeline(), newDetector: () => new PauseDetector(), attribute });

describe('who spoke', () => {
  it.each(CONDITIONS)('$name', (condition) => {
    const { alone, overlapped } = total(SEEDS.map((seed) => scoreAttribution(condition, seed, recordings, service())));
    expect(alone.words).toBeGreaterThan(180);
    expect(alone.right / alone.words).toBeGreaterThanOrEqual(0.98);
    expect(overlapped.right + overlapped.nobody).toBeGreaterThanOrEqual(0.9 * overlapped.words);
    expect((alone.wrong + overlapped.wrong) / (alone.words + overlapped.words)).toBeLessThan(0.01);
  });
});
