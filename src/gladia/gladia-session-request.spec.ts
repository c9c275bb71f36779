import { describe, expect, it } from '@jest/globals';
import { sessionRequest } from './gladia-session-request.js';
import { settingsFor } from './stream.spec-kit.js';

const { account } = settingsFor('http://127.0.0.1');
const request = (...spoken: string[]) => sessionRequest(account, 'session-1', { spoken, translateTo: [] });

describe('sessionRequest', () => {
  it('says everything whose default has changed before, and nothing undocumented', () => {
    expect(request('en')).toEqual({
      encoding: 'wav/pcm',
      bit_depth: 16,
      sample_rate: 16_000,
      channels: 1,
      model: 'solaria-1',
      endpointing: 0.3,
      maximum_duration_without_endpointing: 15,
      language_config: { languages: ['en'], code_switching: false },
      messages_config: expect.objectContaining({
        receive_partial_transcripts: true,
        receive_final_transcripts: true,
        receive_acknowledgments: true,
        receive_errors: true,
        receive_lifecycle_events: true,
      }),
      custom_metadata: { sessionId: 'session-1' },
    });
  });

  it('switches among several languages, and only then', () => {
    expect(request('en', 'fr').language_config).toEqual({ languages: ['en', 'fr'], code_switching: true });
    expect(request().language_config).toEqual({ languages: [], code_switching: false });
  });
});
