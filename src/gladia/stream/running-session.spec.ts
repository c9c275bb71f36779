import { describe, expect, it, jest } from '@jest/globals';
import type { GladiaSession, SessionOutcome } from './gladia-session.js';
import { RunningSession } from './running-session.js';
import type { SpeechDetector } from './speech-detector.js';
import { settingsFor } from '../stream.spec-kit.js';
import type { TranscriptReader } from '../resume/transcript-reader.js';
import { timePasses, useVirtualTime } from '../../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

const never = new AbortController().signal;
const reader = {} as unknown as TranscriptReader;

describe('RunningSession', () => {
  const start = () => {
    let finish: (outcome: SessionOutcome) => void = () => undefined;
    const run = () => new Promise<SessionOutcome>((resolve) => (finish = resolve));
    const session = { position: 0, run } as unknown as GladiaSession;
    const update = jest.fn();
    const speech = { update, spokeUntil: 0, silentMs: 0, isPause: () => false } as unknown as SpeechDetector;
    const running = new RunningSession(session, reader, never, () => undefined);
    return { running, speech, update, finish: (outcome: SessionOutcome) => finish(outcome) };
  };

  it('adds no listener to its outcome at each check, however long it runs', async () => {
    const { running, speech, update, finish } = start();
    const waited = jest.spyOn(running.outcome, 'then');
    const change = running.untilChange(speech, settingsFor('http://127.0.0.1', {}, { checkEveryMs: 1 }), never);
    while (update.mock.calls.length < 50) await timePasses(5);
    finish('replace');
    expect(await change).toBe('replace');
    expect(waited.mock.calls.length).toBeLessThanOrEqual(1);
  });

  it('is known to have ended at once, not at the next check', async () => {
    const { running, speech, finish } = start();
    const change = running.untilChange(speech, settingsFor('http://127.0.0.1', {}, { checkEveryMs: 600_000 }), never);
    setImmediate(() => finish('finished'));
    expect(await change).toBe('finished');
  });
});
