import { expect, it } from '@jest/globals';
import { Lexicon } from '../../libs/sandbox/gladia/recogniser/lexicon.js';
import { WordListener } from '../../libs/sandbox/gladia/recogniser/word-listener.js';
import { describeWordListener } from '../../libs/sandbox/gladia/recogniser/word-listener.spec-kit.js';
import { scene } from '../../libs/sandbox/gladia/recogniser/scene.spec-kit.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { conversation } from '../../libs/sandbox/recordings/conversation.js';

describeWordListener({ oneIn: 1, most: { missed: 3, invented: 1 } });

it('costs a small share of a core', () => {
  const recordings = loadRecordings();
  const listener = new WordListener(new Lexicon(recordings));
  const soundOf = (id: string): Int16Array => recordings.find((recording) => recording.id === id)!.samples;
  const talk = scene(...conversation().map((turn) => ({ sound: soundOf(turn.recordingId), at: turn.startMs * 16 })));
  const listen = (from: number, to: number): void => {
    for (let at = from; at + 320 <= to; at += 320) listener.write(talk.subarray(at, at + 320));
  };
  listen(0, 160_000);
  const before = process.cpuUsage();
  listen(160_000, talk.length);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000 / ((talk.length - 160_000) / 16)).toBeLessThan(0.1);
});
