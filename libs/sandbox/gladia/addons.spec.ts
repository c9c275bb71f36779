import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadRecordings } from '../recordings/catalogue.js';
import { useVirtualTime } from '../../testing/virtual-time.spec-kit.js';
import { startGladiaSandbox, type GladiaSandbox } from './gladia-sandbox.js';
import { call, create, TestSocket, type Received } from './sandbox-client.spec-kit.js';

useVirtualTime();

const recording = loadRecordings().find(({ id }) => id === 'bob-6')!;
const everything = {
  endpointing: 0.3,
  realtime_processing: {
    translation: true,
    translation_config: { target_languages: ['fr', 'de'] },
    named_entity_recognition: true,
    sentiment_analysis: true,
  },
  post_processing: { summarization: true, summarization_config: { type: 'concise' } },
};

describe('add-ons', () => {
  let sandbox: GladiaSandbox;
  beforeEach(async () => {
    sandbox = await startGladiaSandbox({ finalDelayMs: 20, postDelayMs: 20, ackDelayMs: 5 });
  });
  afterEach(() => sandbox.close());

  const talk = async (): Promise<{ socket: TestSocket; id: string }> => {
    const { id, url } = await create(sandbox, everything);
    const socket = await TestSocket.open(url);
    socket.sendAudio(recording.samples);
    socket.stop();
    await socket.closed;
    return { socket, id };
  };

  it('follow the final of their utterance, a translation for each language, word by word', async () => {
    const { socket } = await talk();
    const [final] = socket.of('transcript').filter(({ data }) => data.is_final);
    const translations = socket.of('translation').map(({ data }) => data);
    expect(translations.map((data) => data['target_language'])).toEqual(['fr', 'de']);
    const [{ utterance_id: id, translated_utterance: french }] = translations as never as [
      { utterance_id: string; translated_utterance: Received['data']['utterance'] },
    ];
    expect(id).toBe(final!.data.id);
    expect(french.text).toBe(final!.data.utterance.text.replace(/\S+/g, (word) => `fr·${word}`));
    expect(french.words).toHaveLength(final!.data.utterance.words.length);
    expect(socket.of('sentiment_analysis')).toHaveLength(1);
    expect(socket.of('named_entity_recognition')).toHaveLength(1);
    expect(socket.of('post_summarization')[0]!.data['results']).toMatch(/^concise summary of 1: /);
  });

  it('are in the result, too', async () => {
    const { id } = await talk();
    const { result } = (await (await call(sandbox, 'GET', `/v2/live/${id}`)).json()) as { result: never };
    expect(result).toMatchObject({
      translation: { success: true, results: [{ languages: ['fr'] }, { languages: ['de'] }] },
      summarization: { results: expect.stringContaining('concise') },
      sentiment_analysis: { success: true },
      named_entity_recognition: { success: true },
    });
  });

  it.each(['failed', 'never'] as const)('may be %s', async (addons) => {
    sandbox.options.addons = addons;
    const { socket } = await talk();
    const translations = socket.of('translation');
    expect(translations.map(({ data, error }) => [data, error?.message])).toEqual(
      addons === 'never' ? [] : Array.from({ length: 2 }, () => [null, 'The add-on failed']),
    );
  });
});
