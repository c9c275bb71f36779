import type { RecordedWord, Recording } from '../../libs/sandbox/recordings/recording.js';

/** Something that one person can say. */
export interface Saying {
  readonly words: readonly RecordedWord[];
  /** 16 kHz mono S16. */
  readonly samples: Int16Array;
}

export interface Person {
  readonly name: string;
  readonly sayings: readonly Saying[];
}

/** How fast the recorded voices speak, and how high: as recorded first, then people who were never recorded. */
const RATES = [1, 0.88, 1.13];
const SAMPLES_PER_MS = 16;

/** So many people, each with a voice of their own, made from the recorded ones by playing them slower or faster. */
export function people(count: number, recordings: readonly Recording[]): Person[] {
  const speakers = [...new Set(recordings.map(({ speaker }) => speaker))];
  const voices = RATES.flatMap((rate) => speakers.map((speaker) => ({ speaker, rate })));
  return voices.slice(0, count).map(({ speaker, rate }) => ({
    name: rate === 1 ? speaker : `${speaker}x${rate}`,
    sayings: recordings
      .filter((recording) => recording.speaker === speaker)
      .map((recording) => played(recording, rate)),
  }));
}

/** A part of a saying: of its words from one to before another. */
export function excerpt({ words, samples }: Saying, from: number, to: number): Saying {
  const startMs = words[from]?.startMs ?? 0;
  const endMs = words[to - 1]?.endMs ?? startMs;
  return {
    words: words.slice(from, to).map((word) => moved(word, -startMs)),
    samples: samples.subarray(Math.round(startMs * SAMPLES_PER_MS), Math.round(endMs * SAMPLES_PER_MS)),
  };
}

export const moved = ({ text, startMs, endMs }: RecordedWord, byMs: number): RecordedWord => ({
  text,
  startMs: startMs + byMs,
  endMs: endMs + byMs,
});

function played({ words, samples }: Recording, rate: number): Saying {
  if (rate === 1) return { words, samples };
  return {
    words: words.map(({ text, startMs, endMs }) => ({ text, startMs: startMs / rate, endMs: endMs / rate })),
    samples: resampled(samples, rate),
  };
}

/** By straight lines between the samples: good enough for a voice that nobody listens to. */
function resampled(samples: Int16Array, rate: number): Int16Array {
  const result = new Int16Array(Math.floor((samples.length - 1) / rate));
  for (let i = 0; i < result.length; i++) {
    const at = (i * rate) | 0;
    const before = samples[at]!;
    result[i] = before + (samples[at + 1]! - before) * (i * rate - at);
  }
  return result;
}
