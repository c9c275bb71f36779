import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SpeechOptions } from '../config/speech-options.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { TestGladiaServer, transcript } from './gladia-server.spec-kit.js';
import { settingsFor, TestStream } from './stream.spec-kit.js';

useVirtualTime();

const missed = { text: ' missed words', start: 0.1, end: 0.3, words: [] };
const done = (result: object) => ({ status: 'done', result: { transcription: { utterances: [missed] }, ...result } });

describe('late results of Gladia', () => {
  let server: TestGladiaServer;
  let speaker: TestStream;

  const open = (account: Parameters<typeof settingsFor>[1], overrides?: Partial<SpeechOptions>): TestStream =>
    (speaker = new TestStream(settingsFor(server.origin, account), undefined, overrides));
  const requested = (method: string): number => server.requests.filter((request) => request.method === method).length;

  beforeEach(async () => {
    server = await new TestGladiaServer().start();
  });
  afterEach(async () => {
    speaker.stream.abort();
    await server.stop();
  });

  it('row 20: a result that takes longer than the end of a stream may is emitted after it, then deleted', async () => {
    let isProcessed = false;
    server.sendsEnd = false;
    server.result = () => (isProcessed ? done({}) : { status: 'processing', result: null });
    const { output, stream } = open({ drainTimeoutMs: 150, deletes: true });
    speaker.write(25);
    await output.state('live');
    stream.close();
    await output.state('ended');
    expect(output.finals).toEqual([]);
    await server.when('more tries', () => requested('GET') > 6);
    expect(requested('DELETE')).toBe(0);
    isProcessed = true;
    await output.when('the words', () => output.finals.includes('missed words'));
    await server.when('the deletion', () => requested('DELETE') === 1);
    expect(output.finals).toEqual(['missed words']);
    expect(output.states.at(-1)).toBe('ended');
  });

  it('row 14: a final that comes after the deadline is emitted once, from the result', async () => {
    let isProcessed = false;
    server.audioReceived = (socket, kept) => {
      if (kept === 8_000) socket.send(transcript('00_0', true, ' known words', 0.35, 0.45));
      return true;
    };
    server.stopped = () => false;
    const known = { text: ' Known words.', start: 0.35, end: 0.45, words: [] };
    const late = { status: 'done', result: { transcription: { utterances: [missed, known] } } };
    server.result = () => (isProcessed ? late : undefined);
    const { output, stream } = open({ drainTimeoutMs: 150 });
    speaker.write(25);
    await output.when('the known words', () => output.finals.length === 1);
    stream.close();
    await output.state('ended');
    isProcessed = true;
    await output.when('the words', () => output.finals.includes('missed words'));
    expect(output.finals).toEqual(['known words', 'missed words']);
    expect(output.gaps).toEqual([]);
  });

  it('is deleted unread only when Gladia never had it within hours', async () => {
    server.sendsEnd = false;
    server.result = () => ({ status: 'processing', result: null });
    const polling = { giveUpAfterMs: 400, backoff: { baseMs: 20, capMs: 40 } };
    speaker = new TestStream(settingsFor(server.origin, { drainTimeoutMs: 100, deletes: true }, { polling }));
    speaker.write(25);
    await speaker.output.state('live');
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(requested('DELETE')).toBe(0);
    await server.when('the deletion', () => requested('DELETE') === 1);
  });

  const post = (type: string, data: object) => ({ type, error: null, data });
  const whole = post('post_final_transcript', { transcription: { utterances: [missed] } });

  it('a summary that the socket missed is fetched, though the whole transcript came', async () => {
    server.stopped = (socket) => {
      socket.send(whole);
      return true;
    };
    server.result = () => done({ summarization: { results: 'It was short.' } });
    const { output, stream } = open({}, { summary: 'concise' });
    speaker.write(25);
    await output.state('live');
    stream.close();
    await output.state('ended');
    expect(output.insights).toEqual([{ kind: 'summary', text: 'It was short.' }]);
    expect(output.finals).toEqual(['missed words']);
  });

  it('a translation that the socket missed is fetched, though the whole transcript came', async () => {
    server.stopped = (socket) => {
      socket.send(whole);
      return true;
    };
    const french = { ...missed, text: ' mots manqués' };
    server.result = () => done({ translation: { results: [{ languages: ['fr'], utterances: [french] }] } });
    const { output, stream } = open({}, { translateTo: ['fr'] });
    speaker.write(25);
    await output.state('live');
    stream.close();
    await output.state('ended');
    expect(output.translations).toMatchObject([{ language: 'fr', text: 'mots manqués' }]);
  });

  it('nothing is fetched where the socket brought everything', async () => {
    server.stopped = (socket) => {
      socket.send(whole);
      socket.send(post('post_summarization', { results: 'It was short.' }));
      return true;
    };
    const { output, stream } = open({}, { summary: 'concise' });
    speaker.write(25);
    await output.state('live');
    stream.close();
    await output.state('ended');
    expect(requested('GET')).toBe(0);
    expect(output.insights).toHaveLength(1);
  });
});
