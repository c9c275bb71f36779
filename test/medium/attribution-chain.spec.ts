import { describe, expect, it } from '@jest/globals';
import { Lexicon } from '../../libs/sandbox/gladia/recogniser/lexicon.js';
import { Recogniser } from '../../libs/sandbox/gladia/recogniser/recogniser.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { generatedTalk, type Talk, type TrueWord } from '../../libs/sandbox/talk/generated-talk.js';
import { microphones, type Acoustics } from '../../libs/sandbox/talk/microphones.js';
import { score, type NamedWord } from '../../libs/sandbox/talk/score.js';
import { people } from '../../libs/sandbox/talk/voices.js';
import { attribute } from '../../src/transcription/attribution/attribute.js';
import type { Utterance as Recognised } from '../../libs/sandbox/gladia/recogniser/utterance.js';
import type { SpeechWord, Utterance } from '../../src/transcription/speech-to-text.js';
import { FRAME_SAMPLES } from '../../src/media/audio-format.js';
import { MixedAudioSink, type MixedInput, type MixedStream } from '../../src/media/mixed-audio-sink.js';
import { SessionMix } from '../../src/mixer/session-mix.js';

const PEOPLE = 3;
const NEAR_MS = 250;
const SPEECH = { endpointingMs: 300, maximumMs: 15_000, partialEveryMs: 300, finalDelayMs: 100 };
const recordings = loadRecordings();
const lexicon = new Lexicon(recordings);

/** Recognises the mixed stream as Gladia's stand-in does, and names the words of each final when it comes. */
class NamingSink extends MixedAudioSink {
  readonly words: { word: SpeechWord; trackSid: string | null }[] = [];
  readonly #recogniser = new Recogniser(lexicon, SPEECH);

  override open({ timeline }: MixedStream): MixedInput {
    const hear = (events: ReturnType<Recogniser['write']>): void => {
      for (const event of events) {
        if (event.type !== 'final') continue;
        for (const part of attribute(asUtterance(event.utterance), timeline)) {
          for (const word of part.words) this.words.push({ word, trackSid: part.trackSid });
        }
      }
    };
    return {
      write: (samples) => hear(this.#recogniser.write(samples)),
      close: () => hear(this.#recogniser.finish()),
    };
  }
}

function asUtterance({ id, words, startMs, endMs, confidence }: Recognised): Utterance {
  const text = words.map((word) => word.text).join(' ');
  return { id: String(id), final: true, text, language: '', confidence, startMs, endMs, words };
}

/** Plays the talk to a mix, step by step, and returns what was recognised under the names that it got. */
function named(talk: Talk, acoustics: Acoustics): NamedWord[] {
  const sink = new NamingSink();
  const mix = new SessionMix('s', 0, sink, () => undefined);
  const sounds = microphones(talk, PEOPLE, acoustics);
  const inputs = sounds.map((_, person) => {
    mix.publish(String(person));
    return mix.open(String(person), 0);
  });
  for (let step = 0; step * FRAME_SAMPLES < sounds[0]!.length; step++) {
    for (const [person, input] of inputs.entries()) {
      input.write(sounds[person]!.subarray(step * FRAME_SAMPLES, (step + 1) * FRAME_SAMPLES));
    }
    mix.step(step);
  }
  mix.close();
  return sink.words.flatMap(({ word, trackSid }) => {
    const truth = spokenAs(word, talk.words);
    return truth === undefined ? [] : [{ truth, named: trackSid === null ? undefined : Number(trackSid) }];
  });
}

/** The word that was said, which the recogniser heard about then. */
const spokenAs = (heard: SpeechWord, words: readonly TrueWord[]): TrueWord | undefined =>
  words.find(({ text, startMs }) => text === heard.text && Math.abs(startMs - heard.startMs) < NEAR_MS);

describe('who spoke, from the microphones to recognised words', () => {
  it.each<[string, Acoustics]>([
    ['3 people', {}],
    [
      '3 people, leak of -20 dB, 10 dB apart, noise',
      { leakDb: -20, leakDelayMs: 5, noiseDbfs: -60, levelsDb: [0, -10, -5] },
    ],
  ])('%s, turns from -500 to 500 ms', (_, acoustics) => {
    const talk = generatedTalk(people(PEOPLE, recordings), { seed: 5, lengthMs: 40_000, gapMs: [-500, 500] });
    const { alone, overlapped } = score(named(talk, acoustics), talk.words);
    expect(alone.words + overlapped.words).toBeGreaterThan(0.8 * talk.words.length);
    expect(alone.right / alone.words).toBeGreaterThanOrEqual(0.98);
    expect(overlapped.right + overlapped.nobody).toBeGreaterThanOrEqual(0.9 * overlapped.words);
    expect((alone.wrong + overlapped.wrong) / (alone.words + overlapped.words)).toBeLessThan(0.01);
  });
});
