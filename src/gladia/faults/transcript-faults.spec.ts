import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FinalMode, GladiaSandboxOptions } from '../../../libs/sandbox/gladia/options.js';
import { loadRecordings } from '../../../libs/sandbox/recordings/catalogue.js';
import type { TestStream } from '../stream.spec-kit.js';
import { useVirtualTime } from '../../../libs/testing/virtual-time.spec-kit.js';
import { FaultBench } from './fault-bench.spec-kit.js';

useVirtualTime();

const FRAME = 320;
const recordings = new Map(loadRecordings().map((recording) => [recording.id, recording]));
const plain = (text: string): string => text.toLowerCase().replace(/[^a-z' ]+/g, '');

describe('faults of Gladia’s transcripts', () => {
  let bench: FaultBench;

  beforeEach(async () => {
    bench = await FaultBench.start();
  });
  afterEach(() => bench.stop());

  const say = (speaker: TestStream, id: string): string => {
    const { samples, text } = recordings.get(id)!;
    const audio = new Int16Array(Math.ceil((samples.length + 24_000) / FRAME) * FRAME);
    audio.set(samples, 8_000);
    for (let at = 0; at < audio.length; at += FRAME) speaker.stream.write(audio.subarray(at, at + FRAME));
    return plain(text);
  };
  const patient = { silenceTimeoutMs: 5_000, connectTimeoutMs: 5_000, pingEveryMs: 2_000 };
  const end = async (speaker: TestStream): Promise<string> => {
    await speaker.output.state('live');
    speaker.stream.close();
    await speaker.output.when('the end', () => speaker.output.states.includes('ended'), 15_000);
    return plain(speaker.output.finals.join(' ')).replace(/ +/g, ' ').trim();
  };

  it.each<FinalMode>(['changed', 'twice', 'withoutWords', 'beforePartials'])(
    'row 13: each sentence is emitted once where finals are unusual (%s)',
    async (finals) => {
      bench.sandbox.options.finals = finals;
      const speaker = bench.open({ drainTimeoutMs: 10_000 }, patient);
      const said = say(speaker, 'bob-6');
      expect(await end(speaker)).toBe(said);
    },
  );

  it('row 13: a final without text retracts its partials', async () => {
    bench.sandbox.options.finals = 'empty';
    const speaker = bench.open({ drainTimeoutMs: 10_000 }, patient);
    say(speaker, 'bob-6');
    await end(speaker);
    const last = new Map(speaker.output.utterances.map((utterance) => [utterance.id, utterance]));
    const shown = [...last.values()].filter(({ text, final }) => text !== '' && !final);
    expect(shown).toEqual([]);
  });

  it('row 13: ids that are used again after a reconnect are other utterances', async () => {
    bench.sandbox.options.idsRestart = true;
    const speaker = bench.open({ drainTimeoutMs: 10_000 }, patient);
    const first = say(speaker, 'bob-6');
    await speaker.output.when('the first final', () => speaker.output.finals.length > 0, 15_000);
    await bench.until('no more to acknowledge', () => {
      const { bytesSent, bytesAcknowledged } = speaker.stream.report.counters;
      return bytesSent === bytesAcknowledged;
    });
    for (const socket of bench.sandbox.socketsOf(bench.sandbox.sessions()[0]!.id)) socket.destroy();
    await speaker.output.state('reconnecting');
    const second = say(speaker, 'alice-1');
    await bench.until('a second connection', () => bench.sandbox.sessions()[0]!.connections === 2);
    expect(await end(speaker)).toBe(`${first} ${second}`);
    const finals = speaker.output.utterances.filter(({ final }) => final);
    expect(new Set(finals.map(({ id }) => id)).size).toBe(finals.length);
  });

  it.each<Partial<GladiaSandboxOptions>>([
    { channelNames: 'missing' },
    { channelNames: 'swapped' },
    { clockSkewMs: 3_600_000 },
    { clockSkewMs: -3_600_000 },
    { ackTimeDrift: 0.005 },
    { leadingSpace: false },
    { sendStartSession: true },
  ])(
    'rows 18 and 19: words and times are the same whatever the server says about channels and clocks (%j)',
    async (odd) => {
      const placed = async (): Promise<unknown[]> => {
        const speaker = bench.open({ drainTimeoutMs: 10_000 }, patient);
        say(speaker, 'bob-6');
        await end(speaker);
        return speaker.output.utterances
          .filter(({ final }) => final)
          .map(({ text, startMs, endMs, words }) => ({ text, startMs, endMs, words }));
      };
      const usual = await placed();
      expect(usual.length).toBeGreaterThan(0);
      Object.assign(bench.sandbox.options, odd);
      expect(await placed()).toEqual(usual);
    },
  );
});
