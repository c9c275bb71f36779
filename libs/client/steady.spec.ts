import { readFileSync } from 'node:fs';
import { describe, expect, it, jest } from '@jest/globals';
import { FakeRoom } from './fake-room.spec-kit.js';
import { createTranscript } from './index.js';
import { MessageMaker, textsOf } from './messages.spec-kit.js';
import { SteadyText } from './steady-text.js';
import { steady } from './steady.js';

interface Drawn {
  readonly atMs: number;
  readonly text: string;
}

/** Interims of pocketsphinx on real speech: fixtures/record-interims.py. */
const utterances = JSON.parse(readFileSync('libs/client/fixtures/pocketsphinx-interims.json', 'utf8')) as {
  readonly interims: readonly Drawn[];
  readonly final: Drawn;
}[];

const words = (text: string): string[] => text.split(' ').filter(Boolean);

/** How many drawn words are at another place, or gone, each time that the text changes. */
const changes = (drawn: readonly Drawn[]): number =>
  drawn.reduce((sum, { text }, n) => {
    const [before, now] = [words(drawn[n - 1]?.text ?? ''), words(text)];
    return sum + before.filter((word, place) => now[place] !== word).length;
  }, 0);

/** When the text first had so many words. */
const reaches = (drawn: readonly Drawn[], count: number): number =>
  drawn.find(({ text }) => words(text).length >= count)?.atMs ?? Infinity;

/** What is drawn while these interims come, every time that it changes. */
function drawnOf(interims: readonly Drawn[], endMs: number): Drawn[] {
  const text = new SteadyText();
  const drawn: Drawn[] = [];
  let dueMs: number | undefined;
  for (let atMs = 0; atMs < endMs; atMs += 50) {
    const interim = interims.find((each) => each.atMs === atMs);
    if (interim) text.take(interim.text, atMs);
    if (interim || (dueMs !== undefined && dueMs <= atMs)) dueMs = text.redraw(atMs);
    if (text.text !== (drawn.at(-1)?.text ?? '')) drawn.push({ atMs, text: text.text });
  }
  return drawn;
}

describe('the steady text', () => {
  const runs = utterances.map(({ interims, final }) => ({
    incoming: [...interims, final],
    drawn: [...drawnOf(interims, final.atMs), final],
  }));
  const sum = (of: (run: (typeof runs)[number]) => number): number => runs.reduce((all, run) => all + of(run), 0);

  it('changes at most half as many words as came in changed, for each final word', () => {
    const finalWords = sum(({ drawn }) => words(drawn.at(-1)!.text).length);
    const incoming = sum((run) => changes(run.incoming)) / finalWords;
    const drawn = sum((run) => changes(run.drawn)) / finalWords;
    expect(incoming).toBeGreaterThan(2.5); // this recogniser changes its mind often
    expect(drawn).toBeLessThanOrEqual(incoming / 2);
  });

  it('is at most 50 ms behind', () => {
    const delaysMs = runs.flatMap(({ incoming, drawn }) => {
      const most = Math.max(...incoming.map(({ text }) => words(text).length));
      return Array.from(
        { length: most },
        (_, n) => Math.min(reaches(drawn, n + 1), drawn.at(-1)!.atMs) - reaches(incoming, n + 1),
      );
    });
    expect(delaysMs.length).toBeGreaterThan(250);
    expect(delaysMs.reduce((all, delayMs) => all + delayMs, 0) / delaysMs.length).toBeLessThanOrEqual(50);
    expect(delaysMs.filter((delayMs) => delayMs <= 0).length / delaysMs.length).toBeGreaterThan(0.9);
  });

  it('draws new words at once, and another word when it has stood for half a second', () => {
    const text = new SteadyText();
    text.take('the cat', 0);
    text.take('the hat sat', 100);
    expect(text.text).toBe('the cat sat');
    expect(text.redraw(599)).toBe(600);
    expect(text.text).toBe('the cat sat');
    expect(text.redraw(600)).toBeUndefined();
    expect(text.text).toBe('the hat sat');
  });

  it('leaves case and punctuation to the final, and knows scripts without spaces', () => {
    const text = new SteadyText();
    text.take('hello world', 0);
    text.take('Hello, world. How', 100);
    expect(text.text).toBe('hello world How');
    const chinese = new SteadyText();
    chinese.take('你好', 0);
    chinese.take('你号世界', 100);
    expect(chinese.text).toBe('你好世界');
  });
});

describe('a steady transcript', () => {
  it('has steady interims, finals as they came, and tells when it draws anew', () => {
    jest.useFakeTimers();
    const [room, make] = [new FakeRoom(), new MessageMaker()];
    const transcript = steady(createTranscript(room));
    let redraws = 0;
    transcript.subscribe(() => (redraws += 1));
    room.receive(make.interim('a', 'the cat'));
    room.receive(make.interim('a', 'the hat', 2));
    expect(textsOf(transcript)).toEqual(['the cat']);
    jest.advanceTimersByTime(500);
    expect(textsOf(transcript)).toEqual(['the hat']);
    expect(redraws).toBe(3);
    room.receive(make.transcript('a', 'That.', { revision: 3 }));
    expect(textsOf(transcript)).toEqual(['That.']);
    transcript.close();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });
});
