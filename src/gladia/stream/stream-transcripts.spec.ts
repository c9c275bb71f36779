import { describe, expect, it } from '@jest/globals';
import { msToSamples } from '../../media/audio-format.js';
import { StreamTranscripts } from './stream-transcripts.js';
import { StreamState } from '../../transcription/stream-state.js';

const ignore = (): void => undefined;
const sound = { locate: (samples: number) => samples, isToldElsewhere: () => false, told: ignore, heard: ignore };

const final = (id: string, text: string, start: number) => ({
  kind: 'transcript' as const,
  id,
  final: true,
  utterance: { text, start, end: start + 0.5, language: 'en', confidence: 1, words: [] },
});

const started = () => {
  const finals: string[] = [];
  const utterance = ({ text }: { text: string }): void => void finals.push(text);
  const listener = { utterance, translation: ignore, insight: ignore, stateChanged: ignore, gap: ignore };
  const hearing = new StreamTranscripts(new StreamState(ignore), 0, listener);
  const reader = (fromMs: number) => hearing.reader(sound, msToSamples(fromMs));
  return { finals, hearing, reader };
};

describe('StreamHearing', () => {
  it('remembers what was said for as long as a session may say it again', () => {
    const { finals, hearing, reader } = started();
    const first = reader(0);
    for (const [id, text, start] of [
      ['0', 'one', 1],
      ['1', 'two', 9.2],
    ] as const)
      hearing.message(final(id, text, start), first);
    const second = reader(9_000);
    hearing.message(final('0', 'two', 9.2), second);
    const { utterance } = final('', 'one', 1);
    first.recover({ utterances: [utterance], translations: [], summary: '' });
    expect(finals).toEqual(['one', 'two']);

    hearing.close(first);
    hearing.message(final('1', 'two', 9.2), second);
    expect(finals).toEqual(['one', 'two']);
    // No session says this: it shows that what none can say is not kept.
    hearing.message(final('2', 'one', 1), second);
    expect(finals).toEqual(['one', 'two', 'one']);
  });

  it('forgets it, too, where a session ended long before the next one began', () => {
    const { finals, hearing, reader } = started();
    const first = reader(0);
    hearing.message(final('0', 'one', 1), first);
    hearing.close(first);
    hearing.message(final('1', 'one', 1), first);
    expect(finals).toEqual(['one']);
    hearing.message(final('0', 'one', 1), reader(60_000));
    expect(finals).toEqual(['one', 'one']);
  });
});
