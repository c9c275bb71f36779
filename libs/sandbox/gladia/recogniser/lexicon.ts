import type { Recording } from '../../recordings/recording.js';
import { Bands, coarseHz, fineHz, FrontEnd, predictorOf, type Predictors } from './front-end.js';
import { TemplateBank, type Anchor } from './template-bank.js';

/** A recording as the recogniser knows it. */
export interface KnownSentence {
  readonly recording: Recording;
  /** Whitened, at `fineHz`. */
  readonly fine: Float32Array;
}

const opening = { fftSize: 2_048, lengthMs: 350 };
const middle = { fftSize: 4_096, lengthMs: 600, everyMs: 420 };

/** Everything that is computed once from the recordings and shared by all streams. */
export class Lexicon {
  readonly predictors: Predictors;
  readonly sentences: readonly KnownSentence[];
  /** The first sounds of each sentence, searched often, for a small delay. */
  readonly openings: TemplateBank;
  /** Stretches from all over, searched less often, for sentences whose beginning was lost or covered. */
  readonly middles: TemplateBank;

  constructor(recordings: readonly Recording[]) {
    this.predictors = predictorsOf(recordings);
    const whitened = recordings.map((recording) => new FrontEnd(this.predictors).write(padded(recording.samples)));
    this.sentences = recordings.map((recording, i) => ({ recording, fine: whitened[i]!.fine }));
    const sounds = whitened.map((block) => block.coarse);
    this.openings = new TemplateBank(opening.fftSize, samples(opening.lengthMs), sounds, this.#openingAnchors());
    this.middles = new TemplateBank(middle.fftSize, samples(middle.lengthMs), sounds, this.#middleAnchors());
  }

  #openingAnchors(): Anchor[] {
    return this.sentences.map(({ recording }, sentence) => ({ sentence, offset: samples(firstWordMs(recording)) }));
  }

  #middleAnchors(): Anchor[] {
    return this.sentences.flatMap(({ recording }, sentence) => {
      const lastMs = lastWordMs(recording) - middle.lengthMs;
      const count = Math.max(1, Math.ceil((lastMs - firstWordMs(recording)) / middle.everyMs));
      const stepMs = (lastMs - firstWordMs(recording)) / count;
      return Array.from({ length: count + 1 }, (_, i) => ({
        sentence,
        offset: samples(firstWordMs(recording) + i * stepMs),
      }));
    });
  }
}

function predictorsOf(recordings: readonly Recording[]): Predictors {
  const bands = recordings.map((recording) => new Bands().write(padded(recording.samples)));
  return { fine: predictorOf(bands.map((b) => b.fine)), coarse: predictorOf(bands.map((b) => b.coarse)) };
}

/** The front end takes whole groups of four, and its filters ring a little after the end. */
function padded(sound: Int16Array): Int16Array {
  const result = new Int16Array(Math.ceil(sound.length / 4) * 4 + fineHz / 50);
  result.set(sound);
  return result;
}

const firstWordMs = (recording: Recording): number => recording.words[0]!.startMs;
const lastWordMs = ({ words }: Recording): number => words[words.length - 1]!.endMs;
const samples = (ms: number): number => Math.round((ms * coarseHz) / 1000);
