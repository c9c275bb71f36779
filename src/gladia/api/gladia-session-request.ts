import type { LiveV2InitRequest } from '@gladiaio/sdk';
import { SAMPLE_RATE_HZ } from '../../media/audio-format.js';
import type { SpeechOptions } from '../../config/speech-options.js';
import type { GladiaAccount } from './gladia-settings.js';

type Part<K extends keyof LiveV2InitRequest> = NonNullable<LiveV2InitRequest[K]>;
type RealtimeProcessing = Part<'realtime_processing'>;

/**
 * The body of `POST /v2/live`. Everything that matters is set, because Gladia's defaults have changed without notice;
 * nothing undocumented is, because one unknown property makes Gladia refuse the request. The options were validated before.
 * @param channels of the audio, interleaved
 */
export function sessionRequest(
  account: GladiaAccount,
  sessionId: string,
  options: SpeechOptions,
  channels = 1,
): LiveV2InitRequest {
  return {
    encoding: 'wav/pcm',
    bit_depth: 16,
    sample_rate: SAMPLE_RATE_HZ,
    channels,
    model: account.model as Part<'model'>,
    endpointing: options.endpointingS ?? account.endpointingS,
    maximum_duration_without_endpointing: options.maxUtteranceS ?? account.maxDurationS,
    language_config: languageConfig(options),
    pre_processing: preProcessing(options),
    realtime_processing: {
      ...vocabulary(options),
      ...translation(options),
      named_entity_recognition: options.namedEntities ?? false,
      sentiment_analysis: options.sentiment ?? false,
    },
    post_processing: postProcessing(options),
    messages_config: {
      receive_partial_transcripts: true,
      receive_final_transcripts: true,
      receive_speech_events: true,
      receive_pre_processing_events: false,
      receive_realtime_processing_events: true,
      receive_post_processing_events: true,
      receive_acknowledgments: true,
      receive_errors: true,
      receive_lifecycle_events: true,
    },
    custom_metadata: { ...options.metadata, sessionId },
  };
}

/** No language: Gladia detects one and keeps it. One: fixed. Several: detected again for each utterance, among these. */
function languageConfig({ spoken, codeSwitching }: SpeechOptions): Part<'language_config'> {
  return {
    languages: [...spoken] as NonNullable<Part<'language_config'>['languages']>,
    code_switching: codeSwitching ?? spoken.length > 1,
  };
}

function preProcessing({ audioEnhancer, speechThreshold }: SpeechOptions): Part<'pre_processing'> {
  return {
    audio_enhancer: audioEnhancer ?? false,
    ...(speechThreshold !== undefined && { speech_threshold: speechThreshold }),
  };
}

/** Gladia wants a flag beside each list. */
function vocabulary({ vocabulary: words = [], vocabularyIntensity, spelling = {} }: SpeechOptions): RealtimeProcessing {
  const hasWords = words.length > 0;
  const hasSpelling = Object.keys(spelling).length > 0;
  return {
    custom_vocabulary: hasWords,
    ...(hasWords && {
      custom_vocabulary_config: {
        vocabulary: words as NonNullable<RealtimeProcessing['custom_vocabulary_config']>['vocabulary'],
        ...(vocabularyIntensity !== undefined && { default_intensity: vocabularyIntensity }),
      },
    }),
    custom_spelling: hasSpelling,
    ...(hasSpelling && { custom_spelling_config: { spelling_dictionary: spelling } }),
  };
}

function translation({ translateTo, translation: settings = {} }: SpeechOptions): RealtimeProcessing {
  if (translateTo.length === 0) return { translation: false };
  type Config = NonNullable<RealtimeProcessing['translation_config']>;
  return {
    translation: true,
    translation_config: {
      target_languages: [...translateTo] as Config['target_languages'],
      model: settings.model ?? 'base',
      match_original_utterances: settings.matchOriginalUtterances ?? true,
      lipsync: settings.lipsync ?? true,
      context_adaptation: settings.contextAdaptation ?? true,
      ...(settings.context !== undefined && { context: settings.context }),
      informal: settings.informal ?? false,
    },
  };
}

function postProcessing({ summary }: SpeechOptions): Part<'post_processing'> {
  return {
    summarization: summary !== undefined,
    ...(summary !== undefined && { summarization_config: { type: summary } }),
  };
}
