import { describe, expect, it } from '@jest/globals';
import { loadRecordings } from '../../recordings/catalogue.js';
import { conversation } from '../../recordings/conversation.js';
import { Lexicon } from './lexicon.js';
import { Recogniser } from './recogniser.js';
import { scene } from './scene.spec-kit.js';
import type { RecogniserEvent, Utterance, UtteranceOptions } from './utterance.js';

const recordings = loadRecordings();
const byId = new Map(recordings.map((recording) => [recording.id, recording]));
const lexicon = new Lexicon(recordings);
const meeting: UtteranceOptions = { endpointingMs: 300, maximumMs: 15_000, partialEveryMs: 300, finalDelayMs: 400 };

type Told = RecogniserEvent & { toldMs: number };

function recognise(sound: Int16Array, options = meeting, blockSamples = 777): Told[] {
  const recogniser = new Recogniser(lexicon, options);
  const told: Told[] = [];
  for (let at = 0; at < sound.length; at += blockSamples) {
    const events = recogniser.write(sound.subarray(at, at + blockSamples));
    told.push(...events.map((event) => ({ ...event, toldMs: (at + blockSamples) / 16 })));
  }
  return [...told, ...recogniser.finish().map((event) => ({ ...event, toldMs: sound.length / 16 }))];
}

const textOf = (utterance: Utterance): string => utterance.words.map((word) => word.text).join(' ');
const finalsOf = (events: readonly Told[]): Utterance[] =>
  events.flatMap((event) => (event.type === 'final' ? [event.utterance] : []));
const sound = (id: string): Int16Array => byId.get(id)!.samples;

describe('recogniser', () => {
  it('tells the whole conversation, in utterances', () => {
    const turns = conversation();
    const events = recognise(scene(...turns.map((t) => ({ sound: sound(t.recordingId), at: t.startMs * 16 }))));
    const finals = finalsOf(events);
    const told = finals.map(textOf).join(' ').split(' ').sort();
    expect(told).toEqual(turns.flatMap((t) => byId.get(t.recordingId)!.text.split(' ')).sort());
    expect(new Set(finals.map((u) => u.language))).toEqual(new Set(['en', 'fr']));
    expect(finals.map(textOf)).toContain(`${byId.get('alice-4')!.text} ${byId.get('carol-6')!.text}`);
    expect(finals.map(textOf)).toContain(byId.get('bob-6')!.text);
  });

  it('tells partials about every 300 ms, then the final 700 ms after the last word', () => {
    const events = recognise(scene({ sound: sound('alice-1'), at: 16_000 }), meeting, 160);
    const partials = events.flatMap((event) => (event.type === 'partial' ? [event] : []));
    const final = events.find((event) => event.type === 'final')!;
    expect(partials.length).toBeGreaterThanOrEqual(5);
    partials.slice(1).forEach((p, i) => expect(p.toldMs - partials[i]!.toldMs).toBeGreaterThanOrEqual(300));
    partials.forEach((p) => expect(textOf(final.utterance).startsWith(textOf(p.utterance))).toBe(true));
    expect(partials.every((p) => p.utterance.id === final.utterance.id)).toBe(true);
    expect(final.toldMs - final.utterance.endMs).toBeGreaterThanOrEqual(700);
    expect(final.toldMs - final.utterance.endMs).toBeLessThan(760);
  });

  it('tells when speech begins and ends', () => {
    const events = recognise(scene({ sound: sound('bob-1'), at: 16_000 }));
    const times = events.flatMap((e) => (e.type === 'speech-start' || e.type === 'speech-end' ? [e] : []));
    expect(times.map((e) => e.type)).toEqual(['speech-start', 'speech-end']);
    expect(Math.abs(times[0]!.atMs - 1_050)).toBeLessThan(100);
    expect(Math.abs(times[1]!.atMs - 1_000 - sound('bob-1').length / 16)).toBeLessThan(150);
  });

  it('splits at shorter pauses, and at the longest duration', () => {
    const quick = recognise(scene({ sound: sound('carol-1'), at: 0 }), { ...meeting, endpointingMs: 50 });
    expect(finalsOf(quick).map(textOf)).toEqual(['Bonjour à tous,', 'désolée pour le retard.']);
    const sentences = scene(
      { sound: sound('alice-4'), at: 0 },
      { sound: sound('alice-3'), at: sound('alice-4').length },
    );
    const short = recognise(sentences, { ...meeting, maximumMs: 3_000 });
    expect(finalsOf(short)).toHaveLength(2);
    expect(finalsOf(short).every((u) => u.endMs - u.startMs <= 3_000)).toBe(true);
  });

  it('tells speech that it does not know by its length', () => {
    const reversed = sound('bob-2').slice().reverse();
    const finals = finalsOf(recognise(scene({ sound: sound('alice-1'), at: 0 }, { sound: reversed, at: 64_000 })));
    expect(finals.map(textOf)).toEqual([byId.get('alice-1')!.text, expect.stringMatching(/^\[speech 2\.[789] s\]$/)]);
  });

  it('decides at the end of the sound what is still open', () => {
    const cut = sound('bob-4').slice(0, 26_000);
    const finals = finalsOf(recognise(cut));
    expect(finals.map(textOf)).toEqual(['The budget allows three more']);
  });
});
