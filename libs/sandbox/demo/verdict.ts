import type { TranscriptMessage } from '../../protocol/message.js';

/** Something that was said, and by whom. */
export interface Sentence {
  readonly speaker: string;
  readonly text: string;
}

export interface SpeakerVerdict {
  readonly speaker: string;
  readonly expected: string;
  readonly transcribed: string;
}

/** Letters and digits of every script, lower case: punctuation is not what was said. */
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}'’-]+/gu) ?? [];

/** Final segments, each in its last revision, in the order in which they were said. */
function spoken(messages: readonly TranscriptMessage[]): TranscriptMessage[] {
  return messages.filter(({ final }) => final).sort((a, b) => a.startMs - b.startMs);
}

/**
 * Compares what came back with what was said, speaker by speaker, word for word. Returns only the speakers whose words
 * differ; words without a certain speaker are under `(nobody)`.
 */
export function differences(said: readonly Sentence[], messages: readonly TranscriptMessage[]): SpeakerVerdict[] {
  const transcribed = spoken(messages).map(({ speaker, text }) => ({ speaker: speaker?.identity ?? '(nobody)', text }));
  const speakers = new Set([...said, ...transcribed].map(({ speaker }) => speaker));
  return [...speakers]
    .map((speaker) => ({
      speaker,
      expected: wordsSaidBy(speaker, said),
      transcribed: wordsSaidBy(speaker, transcribed),
    }))
    .filter(({ expected, transcribed: words }) => expected !== words);
}

function wordsSaidBy(speaker: string, sentences: readonly Sentence[]): string {
  return sentences
    .filter((sentence) => sentence.speaker === speaker)
    .flatMap(({ text }) => wordsOf(text))
    .join(' ');
}

/** The first message whose `seq` is not one above the one before, if there is such a gap. */
export function firstGap(seqs: readonly number[]): number | undefined {
  return seqs.find((seq, index) => index > 0 && seq !== (seqs[index - 1] ?? 0) + 1);
}
