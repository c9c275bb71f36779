import { describe, expect, it } from '@jest/globals';
import { msToSamples } from '../../media/audio-format.js';
import { EngineClock } from '../resume/engine-clock.js';
import { StreamTranscripts } from './stream-transcripts.js';
import { StreamState } from '../../transcription/stream-state.js';

const ignore = (): void => undefined;

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
  const transcripts = new StreamTranscripts(new StreamState(ignore), 0, listener);
  const reader = (fromMs: number) => transcripts.openReader(new EngineClock(0, () => Infinity), msToSamples(fromMs));
  return { finals, transcripts, reader };
};

describe('StreamTranscripts', () => {
  it('remembers finals for as long as a session may repeat them', () => {
    const { finals, transcripts, reader } = started();
    const first = reader(0);
    for (const [id, text, start] of [
      ['0', 'one', 1],
      ['1', 'two', 9.2],
    ] as const)
      transcripts.receive(final(id, text, start), first);
    const second = reader(9_000);
    transcripts.receive(final('0', 'two', 9.2), second);
    const { utterance } = final('', 'one', 1);
    first.recover({ utterances: [utterance], translations: [], summary: '' });
    expect(finals).toEqual(['one', 'two']);

    transcripts.closeReader(first);
    transcripts.receive(final('1', 'two', 9.2), second);
    expect(finals).toEqual(['one', 'two']);
    // No session sends this: it shows that what none can repeat is not kept.
    transcripts.receive(final('2', 'one', 1), second);
    expect(finals).toEqual(['one', 'two', 'one']);
  });

  it('forgets them also where a session ended long before the next one started', () => {
    const { finals, transcripts, reader } = started();
    const first = reader(0);
    transcripts.receive(final('0', 'one', 1), first);
    transcripts.closeReader(first);
    transcripts.receive(final('1', 'one', 1), first);
    expect(finals).toEqual(['one']);
    transcripts.receive(final('0', 'one', 1), reader(60_000));
    expect(finals).toEqual(['one', 'one']);
  });
});
