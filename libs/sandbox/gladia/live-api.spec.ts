import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startGladiaSandbox, type GladiaSandbox } from './gladia-sandbox.js';
import { call, create } from './sandbox-client.spec-kit.js';
import { useVirtualTime } from '../../testing/virtual-time.spec-kit.js';

useVirtualTime();

describe('HTTP', () => {
  let sandbox: GladiaSandbox;
  beforeAll(async () => {
    sandbox = await startGladiaSandbox({ apiKeys: ['key'] });
  });
  afterAll(async () => {
    await sandbox.close();
  });

  const validationErrors = async (body: object, query = ''): Promise<string[]> => {
    const response = await call(sandbox, 'POST', `/v2/live${query}`, body);
    expect(response.status).toBe(400);
    return ((await response.json()) as { validation_errors: string[] }).validation_errors;
  };

  it.each([
    [{ sample_rate: 24_000 }, 'sample_rate must be one of the following values: 8000, 16000, 32000, 44100, 48000'],
    [{ bit_depth: 12 }, 'bit_depth must be one of'],
    [{ encoding: 'wav/alaw', bit_depth: 16 }, 'bit_depth must be 8'],
    [{ channels: 9 }, 'channels'],
    [{ channels: 0 }, 'channels'],
    [{ model: 'fast' }, 'model'],
    [{ endpointing: 0 }, 'endpointing'],
    [{ endpointing: 11 }, 'endpointing'],
    [{ maximum_duration_without_endpointing: 4 }, 'maximum_duration_without_endpointing'],
    [{ language_config: { languages: ['en-US'] } }, 'language_config.languages.0'],
    [{ pre_processing: { speech_threshold: 2 } }, 'pre_processing.speech_threshold'],
    [{ realtime_processing: { translation_config: { target_languages: [] } } }, 'target_languages'],
    [{ messages_config: { receive_all: true } }, 'property receive_all should not exist'],
    [{ region: 'eu-west' }, 'property region should not exist'],
    [{ custom_metadata: { long: 'x'.repeat(2_000) } }, 'custom_metadata'],
  ])('refuses %j', async (body, error) => {
    expect((await validationErrors(body)).join()).toContain(error);
  });

  it('takes the region from the query, and only the two that exist', async () => {
    expect((await call(sandbox, 'POST', '/v2/live?region=us-west', {})).status).toBe(201);
    expect((await validationErrors({}, '?region=mars')).join()).toContain('region');
  });

  it('wants a key that it knows', async () => {
    const post = async (headers: Record<string, string>): Promise<unknown> => {
      const response = await fetch(`${sandbox.url}/v2/live`, { method: 'POST', headers });
      return [response.status, ((await response.json()) as { message: string }).message];
    };
    expect(await post({})).toEqual([401, 'no gladia key provided']);
    expect(await post({ 'X-Gladia-Key': 'other' })).toEqual([401, 'gladia user not found']);
  });

  it.each([
    ['PUT', '/v2/live', 'Cannot PUT /v2/live'],
    ['GET', '/v1/live', 'Cannot GET /v1/live'],
    ['GET', '/v2/live/none', 'Not found'],
  ])('%s %s is not found', async (method, path, message) => {
    const response = await call(sandbox, method, path);
    expect(await response.json()).toMatchObject({
      statusCode: 404,
      path,
      message,
      request_id: expect.stringMatching(/^G-/),
    });
  });

  it('lists sessions in pages, newest first', async () => {
    const { id } = await create(sandbox, { custom_metadata: { room: 'one' } });
    const page = (await (await call(sandbox, 'GET', '/v2/live?limit=1')).json()) as {
      items: { id: string }[];
      next: string;
    };
    expect(page.items.map((item) => item.id)).toEqual([id]);
    expect(page.next).toContain('offset=1');
  });
});
