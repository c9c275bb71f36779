import { ConfigService } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { AppConfigModule } from './app-config.module.js';
import { publisherConfig, storeConfig } from './namespaces.js';
import { parseConfig } from './parse-config.js';

const configWith = (TRANSCRIPTION_TOPIC: string) =>
  parseConfig({
    LIVEKIT_API_KEY: 'key',
    LIVEKIT_API_SECRET: 'secret',
    LIVEKIT_HTTP_URL: 'http://127.0.0.1:7880',
    GLADIA_API_KEY: 'key',
    TRANSCRIPTION_TOPIC,
  });

describe('AppConfigModule', () => {
  it('provides each namespace by its token, as it was parsed', async () => {
    const config = configWith('words');
    const module = await Test.createTestingModule({ imports: [AppConfigModule.register(config)] }).compile();
    expect(module.get(publisherConfig.KEY, { strict: false })).toBe(config.publisher);
    expect(module.get(storeConfig.KEY, { strict: false })).toBe(config.store);
    for (const [name, settings] of Object.entries(config)) {
      expect(module.get(ConfigService, { strict: false }).get(name)).toBe(settings);
    }
    await module.close();
  });

  it('keeps the services of one process apart', async () => {
    const modules = await Promise.all(
      ['one', 'two'].map((topic) =>
        Test.createTestingModule({ imports: [AppConfigModule.register(configWith(topic))] }).compile(),
      ),
    );
    const topics = modules.map((module) => module.get<{ topic: string }>(publisherConfig.KEY, { strict: false }).topic);
    expect(topics).toEqual(['one', 'two']);
    await Promise.all(modules.map((module) => module.close()));
  });
});
