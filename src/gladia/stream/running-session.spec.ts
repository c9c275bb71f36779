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

describe('a running session', () => {
  const running = () => {
    let finish: (outcome: SessionOutcome) => void = () => undefined;
    const run = () => new Promise<SessionOutcome>((resolve) => (finish = resolve));
    const session = { position: 0, run } as unknown as GladiaSession;
    const look = jest.fn();
    const speech = { look, spokeUntil: 0, silentMs: 0, isPause: () => false } as unknown as SpeechDetector;
    const begun = new RunningSession(session, reader, never, () => undefined);
    return { begun, speech, look, finish: (outcome: SessionOutcome) => finish(outcome) };
  };

  it('leaves nothing behind each time it is looked at, however long it runs', async () => {
    const { begun, speech, look, finish } = running();
    const waited = jest.spyOn(begun.outcome, 'then');
    const turn = begun.turn(speech, settingsFor('http://127.0.0.1', {}, { lookEveryMs: 1 }), never);
    while (look.mock.calls.length < 50) await timePasses(5);
    finish('replace');
    expect(await turn).toBe('replace');
    expect(waited.mock.calls.length).toBeLessThanOrEqual(1);
  });

  it('is known to be over at once, not at the next look', async () => {
    const { begun, speech, finish } = running();
    const turn = begun.turn(speech, settingsFor('http://127.0.0.1', {}, { lookEveryMs: 600_000 }), never);
    setImmediate(() => finish('finished'));
    expect(await turn).toBe('finished');
  });
});
