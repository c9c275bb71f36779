import { describe, expect, it } from '@jest/globals';
import type { Message, StatusMessage, TranscriptMessage } from '../../libs/protocol/message.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { account, recoveryMs } from './account.js';
import type { Speech } from './words.js';

useVirtualTime();

const LIVE_AT_MS = Date.parse('2026-01-01T10:00:00Z');
const WORD_MS = 300;
const OPTIONS = { latencyMs: 250 };

/** Words of 300 ms each, one after the other. */
const timed = (text: string, atMs: number) =>
  text.split(' ').map((word, n) => ({ text: word, startMs: atMs + n * WORD_MS, endMs: atMs + (n + 1) * WORD_MS }));
const says = (identity: string, atMs: number, text: string): Speech => ({
  identity,
  words: timed(text, LIVE_AT_MS + atMs),
});

let seq = 0;
const final = (identity: string | null, startMs: number, text: string): TranscriptMessage => ({
  ...{ v: 1, type: 'transcript', sessionId: 's', seq: ++seq, segmentId: `u${seq}`, revision: 1, final: true },
  ...{ text, language: 'en', confidence: 1, source: 'server' },
  speaker: identity === null ? null : { identity, name: identity, trackSid: 'TR' },
  startMs,
  endMs: startMs + 1_000,
  startedAt: new Date(LIVE_AT_MS + startMs).toISOString(),
  words: timed(text, startMs).map((word) => ({ ...word, confidence: 1 })),
});
const gap = (startMs: number, endMs: number, message = 'A part is missing.'): StatusMessage => ({
  ...{ v: 1, type: 'status', sessionId: 's', seq: ++seq, status: 'gap', message },
  startMs,
  endMs,
});

function hold(said: Speech[], messages: () => Message[]) {
  seq = 0;
  return account(
    said,
    messages().map((message) => ({ atMs: 0, message })),
    OPTIONS,
  );
}

describe('account', () => {
  it('finds nothing wrong where nothing is', () => {
    const found = hold([says('a', 0, 'One two.'), says('b', 1_000, 'three')], () => [
      final('a', 250, 'one two'),
      final('b', 1_250, 'Three!'),
    ]);
    expect(found).toMatchObject({
      words: 3,
      missingMs: 0,
      reportedMissingMs: 0,
      misnamedWords: 0,
      duplicateWords: 0,
      missingSeqs: 0,
    });
  });

  it('tells what is lost from what was reported, by where the gap is', () => {
    const said = [says('a', 0, 'one two'), says('a', 10_000, 'three four')];
    const with_ = (start: number, end: number) => hold(said, () => [final('a', 250, 'one two'), gap(start, end)]);
    expect(with_(10_000, 11_000)).toMatchObject({ missingMs: 0, reportedMissingMs: 600 });
    expect(with_(5_000, 9_000)).toMatchObject({ missingMs: 600, reportedMissingMs: 0 });
  });

  it('lets a gap of one participant excuse only one', () => {
    const said = [says('x', 0, 'zero'), says('a', 10_000, 'one two three'), says('b', 10_500, 'four')];
    const one = 'About 2 s of one participant’s sound is lost.';
    expect(hold(said, () => [final('x', 0, 'zero'), gap(9_000, 12_000, one)])).toMatchObject({
      reportedMissingMs: 900,
      missingMs: 300,
    });
    expect(hold(said, () => [final('x', 0, 'zero'), gap(9_000, 12_000)])).toMatchObject({
      reportedMissingMs: 1_200,
      missingMs: 0,
    });
  });

  it('lets a gap that names its participant excuse nobody else', () => {
    const said = [says('x', 0, 'zero'), says('a', 10_000, 'one two three'), says('b', 10_500, 'four')];
    const ofB = { ...gap(9_000, 12_000, 'For about 3 s one participant could not be heard.'), identity: 'b' };
    expect(hold(said, () => [final('x', 0, 'zero'), ofB])).toMatchObject({ reportedMissingMs: 300, missingMs: 900 });
  });

  it('reads gaps of one participant each as they excuse most', () => {
    const said = [says('x', 0, 'zero'), says('b', 10_000, 'one two three'), says('a', 13_000, 'four five')];
    const withLast = [...said, says('b', 16_000, 'six')];
    const one = 'About 2 s of one participant’s sound is lost.';
    // The shorter gap, in which b misses more, must be that of a.
    const gaps = () => [final('x', 0, 'zero'), gap(9_500, 14_000, one), gap(9_500, 17_000, one)];
    expect(hold(withLast, gaps)).toMatchObject({ reportedMissingMs: 1_800, missingMs: 0 });
  });

  it('sees a sentence that is transcribed twice, whatever its segment and its name', () => {
    const said = [says('a', 0, 'one two')];
    const once = final.bind(undefined, 'a', 250, 'one two');
    expect(hold(said, () => [once(), once()])).toMatchObject({ duplicateWords: 2, duplicateFinals: 0 });
    expect(hold(said, () => [once(), final(null, 250, 'one two')])).toMatchObject({ duplicateWords: 2 });
    expect(hold(said, () => [once(), final('b', 250, 'one two')])).toMatchObject({ duplicateWords: 2 });
  });

  it('sees words under the wrong name, or none', () => {
    const said = [says('a', 0, 'one two'), says('b', 2_000, 'three')];
    const found = hold(said, () => [final(null, 250, 'one two'), final('a', 2_250, 'three')]);
    expect(found).toMatchObject({ misnamedWords: 3, missingMs: 0, duplicateWords: 0 });
  });

  it('finds which of two equal sentences is lost', () => {
    const said = [says('a', 0, 'one two'), says('a', 10_000, 'one two'), says('a', 20_000, 'one two')];
    const transcribed = () => [final('a', 250, 'one two'), final('a', 20_250, 'one two')];
    expect(hold(said, transcribed).missing.every((word) => word.includes('10:00:10'))).toBe(true);
  });

  it('asks for no word that was cut short, and takes it where it came', () => {
    const cut = { ...timed('two', LIVE_AT_MS + 300)[0]!, isUnsure: true };
    const said = [{ identity: 'a', words: [...says('a', 0, 'one').words, cut] }];
    expect(hold(said, () => [final('a', 250, 'one')])).toMatchObject({ missingMs: 0, duplicateWords: 0 });
    expect(hold(said, () => [final('a', 250, 'one two')])).toMatchObject({ missingMs: 0, duplicateWords: 0 });
  });

  it('sees numbers that are missing or came twice', () => {
    const message = final('a', 0, 'one');
    const received = [
      { ...message, seq: 1 },
      { ...message, seq: 1 },
      { ...message, seq: 4 },
    ];
    expect(hold([], () => received)).toMatchObject({ duplicateSeqs: 1, missingSeqs: 2, duplicateFinals: 2 });
  });
});

describe('recoveryMs', () => {
  it('counts from the fault to the arrival of words that were spoken after it', () => {
    const received = [
      { atMs: LIVE_AT_MS + 1_500, message: final('a', 900, 'one') },
      { atMs: LIVE_AT_MS + 2_500, message: final('a', 1_900, 'two') },
    ];
    expect(recoveryMs(received, LIVE_AT_MS + 1_000)).toBe(1_500);
    expect(recoveryMs(received, LIVE_AT_MS + 2_000)).toBeUndefined();
  });
});
