import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { EgressClient } from 'livekit-server-sdk';
import { AppConfigModule } from '../config/app-config.module.js';
import { parseConfig } from '../config/parse-config.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { LiveKitModule } from './livekit.module.js';

const config = parseConfig({
  LIVEKIT_API_KEY: 'key',
  LIVEKIT_API_SECRET: 'secret',
  LIVEKIT_HTTP_URL: 'https://project.livekit.cloud',
  GLADIA_API_KEY: 'key',
  EGRESS_WEBSOCKET_BASE_URL: 'wss://here.example.org/egress/audio',
});

describe('LiveKitModule', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('asks for an egress in one region alone, where a second one may begin in another', async () => {
    const fetched = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no answer'));
    const module = await Test.createTestingModule({
      imports: [AppConfigModule.register(config), MetricsModule, LiveKitModule],
    }).compile();
    await expect(module.get(EgressClient).startTrackEgress('room', 'wss://here', 'TR_a')).rejects.toThrow('no answer');
    expect(fetched).toHaveBeenCalledTimes(1);
    await module.close();
  });
});
