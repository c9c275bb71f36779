import { describe, expect, it } from '@jest/globals';
import { sessionRequest as gladiaAccepts } from '../../../libs/sandbox/gladia/session-request.js';
import type { SpeechOptions } from '../../config/speech-options.js';
import { sessionRequest } from './gladia-session-request.js';
import { settingsFor } from '../stream.spec-kit.js';

const { account } = settingsFor('http://127.0.0.1');
const request = (...spoken: string[]) => sessionRequest(account, 'session-1', { spoken, translateTo: [] });
const wishing = (wishes: Partial<SpeechOptions>) =>
  sessionRequest(account, 's', { spoken: [], translateTo: [], ...wishes });

describe('sessionRequest', () => {
  it('sets everything whose default has changed before, and nothing undocumented', () => {
    expect(request('en')).toEqual({
      encoding: 'wav/pcm',
      bit_depth: 16,
      sample_rate: 16_000,
      channels: 1,
      model: 'solaria-1',
      endpointing: 0.3,
      maximum_duration_without_endpointing: 15,
      language_config: { languages: ['en'], code_switching: false },
      pre_processing: { audio_enhancer: false },
      realtime_processing: {
        custom_vocabulary: false,
        custom_spelling: false,
        translation: false,
        named_entity_recognition: false,
        sentiment_analysis: false,
      },
      post_processing: { summarization: false },
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

  it('lets the request decide on switching', () => {
    expect(wishing({ spoken: ['en', 'fr'], codeSwitching: false }).language_config?.code_switching).toBe(false);
  });

  it('maps every option to Gladia’s request, and Gladia accepts it', () => {
    const body = wishing({
      translateTo: ['de', 'fr'],
      translation: { model: 'enhanced', context: 'a stand-up' },
      vocabulary: ['Roomscribe', { value: 'Egress', intensity: 0.4 }],
      vocabularyIntensity: 0.5,
      spelling: { SQL: ['Sequel'] },
      namedEntities: true,
      sentiment: true,
      summary: 'concise',
      endpointingS: 0.5,
      maxUtteranceS: 20,
      audioEnhancer: true,
      speechThreshold: 0.7,
      metadata: { team: 'red', sessionId: 'not theirs to say' },
    });
    expect(gladiaAccepts.safeParse(body).error).toBeUndefined();
    expect(body).toMatchObject({
      endpointing: 0.5,
      maximum_duration_without_endpointing: 20,
      pre_processing: { audio_enhancer: true, speech_threshold: 0.7 },
      realtime_processing: {
        custom_vocabulary: true,
        custom_vocabulary_config: {
          vocabulary: ['Roomscribe', { value: 'Egress', intensity: 0.4 }],
          default_intensity: 0.5,
        },
        custom_spelling: true,
        custom_spelling_config: { spelling_dictionary: { SQL: ['Sequel'] } },
        translation: true,
        translation_config: { target_languages: ['de', 'fr'], model: 'enhanced', context: 'a stand-up' },
        named_entity_recognition: true,
        sentiment_analysis: true,
      },
      post_processing: { summarization: true, summarization_config: { type: 'concise' } },
      custom_metadata: { team: 'red', sessionId: 's' },
    });
  });
});
