import { Logger } from '@nestjs/common';
import { describe, expect, it, jest } from '@jest/globals';
import { Acknowledgments } from './resume/acknowledgments.js';
import { parseMessage } from './api/gladia-message.js';
import type { Utterance } from '../transcription/speech-to-text.js';
import { TranslationTracker } from './resume/translation-tracker.js';
import { StreamTranscripts } from './stream/stream-transcripts.js';
import { StreamState } from '../transcription/stream-state.js';
import { EngineClock } from './resume/engine-clock.js';
import { TranscriptReader } from './resume/transcript-reader.js';
import { TestGladiaServer, transcript, type ServerSocket } from './gladia-server.spec-kit.js';
import { settingsFor, TestStream } from './stream.spec-kit.js';
import { UtteranceTracker } from './resume/utterance-tracker.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

const MESSAGES = 10_000;
const SENT_SAMPLES = 16_000 * 60;

/** A small random generator with a seed, so that a failure can be reproduced (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ODD = [null, [], {}, '', 'x', -1, 0, 1e308, 0.5, true, [1], ['a', 'b'], { type: 'transcript' }];
const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

/** Early, late or never, for ids that exist or not, and sometimes damaged. */
function addon(random: () => number, id: string, { data }: Record<string, unknown>): Record<string, unknown> {
  const { utterance } = data as { utterance: object };
  const type = pick(random, ['translation', 'named_entity_recognition', 'sentiment_analysis', 'post_summarization']);
  const good = { utterance_id: id, utterance, target_language: 'fr', translated_utterance: utterance, results: [] };
  return { type, error: null, data: random() < 0.8 ? good : pick(random, ODD) };
}

function frame(random: () => number): string {
  const id = `00_${Math.floor(random() * 200)}`;
  const start = random() * 55;
  const roll = random();
  const message = transcript(
    id,
    random() < 0.4,
    pick(random, [' one', ' one two', ' yes', '']),
    start,
    start + random() * 4,
  );
  if (roll < 0.5) return JSON.stringify(message);
  const at = Math.floor(random() * 200) * 640 - 1_280;
  const range = [at, at + pick(random, [1280, 0, -1280, 1279, 1e12])];
  if (roll < 0.7) return JSON.stringify({ type: 'audio_chunk', acknowledged: true, data: { byte_range: range } });
  if (roll < 0.75) return JSON.stringify(addon(random, id, message));
  if (roll < 0.8) return JSON.stringify(message).slice(0, Math.floor(random() * 200));
  const damaged = message as { type: unknown; data: Record<string, unknown> };
  const target = pick(random, [damaged, damaged.data, damaged.data.utterance]) as Record<string, unknown>;
  target[pick(random, Object.keys(target))] = pick(random, ODD);
  return JSON.stringify(damaged);
}

describe('malformed and repeated messages', () => {
  it.each([1, 2, 3])('leave a stable transcript (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const emitted: Utterance[] = [];
    const utterances = new UtteranceTracker((utterance) => emitted.push(utterance));
    const clock = new EngineClock(0, () => SENT_SAMPLES);
    clock.addConnection().sent(0, SENT_SAMPLES);
    const reader = new TranscriptReader(
      { utterances, translations: new TranslationTracker(() => undefined), insight: () => undefined },
      1,
      clock,
    );
    const acknowledgments = new Acknowledgments();
    acknowledgments.sent(0, SENT_SAMPLES);
    const recent: string[] = [];
    for (let i = 0; i < MESSAGES; i += 1) {
      const text = random() < 0.2 && recent.length > 0 ? pick(random, recent) : frame(random);
      recent[i % 50] = text;
      const message = parseMessage(text);
      if (message.kind === 'acknowledged') acknowledgments.acknowledge(message.startByte, message.endByte);
      reader.read(message);
    }
    reader.finish();
    const finals = emitted.filter(({ final }) => final);
    expect(finals.length).toBeGreaterThan(20);
    expect(new Set(finals.map(({ id }) => id)).size).toBe(finals.length);
    expect(new Set(emitted.map(({ id }) => id)).size).toBe(finals.length);
    const ended = new Set<string>();
    for (const { id, final, startMs, endMs, confidence } of emitted) {
      expect(ended.has(id)).toBe(false);
      expect(startMs >= 0 && endMs >= startMs && endMs <= 60_000 && confidence >= 0 && confidence <= 1).toBe(true);
      if (final) ended.add(id);
    }
    expect(acknowledgments.outstandingSamples).toBeGreaterThan(SENT_SAMPLES / 2);
  });

  it('cost no word and duplicate none when they come over a real socket, between valid words', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const server = await new TestGladiaServer().start();
    const random = randomFrom(5);
    const sendMalformed = (socket: ServerSocket): void => {
      for (let i = 0; i < 2_000; i += 1) socket.ws.send(random() < 0.02 ? Buffer.from([1, 2]) : frame(random));
    };
    const say = (socket: ServerSocket, nth: number, text: string): void =>
      socket.send(transcript(`right_${nth}`, true, ` ${text}`, 0.4 * nth + 0.1, 0.4 * nth + 0.4));
    const said = ['somebody speaks clearly', 'and goes on speaking', 'until nobody listens'];
    server.audioReceived = (socket, kept) => {
      if (kept !== 16_000) return true;
      for (const [nth, text] of said.entries()) {
        sendMalformed(socket);
        say(socket, nth, text);
        say(socket, nth, text);
      }
      return true;
    };
    // A client that reads thousands of malformed messages answers late.
    const patient = { silenceTimeoutMs: 5_000, pingEveryMs: 5_000 };
    const speaker = new TestStream(settingsFor(server.origin, { drainTimeoutMs: 5_000 }, patient));
    const { output, stream } = speaker;
    speaker.write(50);
    await output.when('the last words', () => output.finals.includes('until nobody listens'));
    stream.close();
    await output.state('ended');
    await server.stop();
    jest.restoreAllMocks();
    expect(output.finals.filter((text) => said.includes(text))).toEqual(said);
    expect(output.states.slice(-2)).toEqual(['draining', 'ended']);
    const finals = output.utterances.filter(({ final }) => final);
    expect(new Set(finals.map(({ id }) => id)).size).toBe(finals.length);
    expect(stream.report.counters.malformed).toBeGreaterThan(500);
  });

  it('log one line for each kind, and a total at the end, and nothing that the server wrote', () => {
    const lines: string[] = [];
    const spy = (line: unknown): void => void lines.push(String(line));
    for (const level of ['warn', 'error', 'log'] as const) jest.spyOn(Logger.prototype, level).mockImplementation(spy);
    const random = randomFrom(4);
    const ignore = (): void => undefined;
    const listener = { utterance: ignore, translation: ignore, insight: ignore, stateChanged: ignore, gap: ignore };
    const transcripts = new StreamTranscripts(new StreamState(ignore), 0, listener);
    const reader = transcripts.openReader(new EngineClock(0, () => Infinity), 0);
    for (let i = 0; i < MESSAGES; i += 1) transcripts.receive(parseMessage(frame(random)), reader);
    const kinds = [...lines];
    transcripts.end();
    jest.restoreAllMocks();
    expect(kinds.length).toBeGreaterThan(3);
    expect(new Set(kinds).size).toBe(kinds.length);
    for (const line of kinds) expect(line).toMatch(/^Gladia sent a (malformed message: [\w ]+|failed \w+)$/);
    expect(lines).toHaveLength(kinds.length + 1);
    const sent = /^a (malformed message: [\w ]+|failed \w+) \(\d+ times\)$/;
    for (const part of lines.at(-1)!.replace('Gladia sent in all ', '').split(', ')) expect(part).toMatch(sent);
  });
});
