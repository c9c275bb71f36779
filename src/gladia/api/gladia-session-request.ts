import type { LiveV2InitRequest } from '@gladiaio/sdk';
import { SAMPLE_RATE_HZ } from '../../media/audio-format.js';
import type { SpeechOptions } from '../../config/speech-options.js';
import type { GladiaAccount } from './gladia-settings.js';

type Part<K extends keyof LiveV2InitRequest> = NonNullable<LiveV2InitRequest[K]>;
type RealtimeProcessing = Part<'realtime_processing'>;

/**
 * The body of `POST /v2/live`. Everything that matters is said, because Gladia's defaults have changed silently; nothing
 * undocumented is, because one unknown property makes it refuse the whole. The options were validated where they came in.
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

/** None: Gladia detects one and keeps it. One: fixed. Several: detected anew for each utterance, among these. */
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

/** Gladia wants the flag and the list, each for itself. */
function vocabulary({ vocabulary: words = [], vocabularyIntensity, spelling = {} }: SpeechOptions): RealtimeProcessing {
  const listens = words.length > 0;
  const spells = Object.keys(spelling).length > 0;
  return {
    custom_vocabulary: listens,
    ...(listens && {
      custom_vocabulary_config: {
        vocabulary: words as NonNullable<RealtimeProcessing['custom_vocabulary_config']>['vocabulary'],
        ...(vocabularyIntensity !== undefined && { default_intensity: vocabularyIntensity }),
      },
    }),
    custom_spelling: spells,
    ...(spells && { custom_spelling_config: { spelling_dictionary: spelling } }),
  };
}

function translation({ translateTo, translation: how = {} }: SpeechOptions): RealtimeProcessing {
  if (translateTo.length === 0) return { translation: false };
  type Config = NonNullable<RealtimeProcessing['translation_config']>;
  return {
    translation: true,
    translation_config: {
      target_languages: [...translateTo] as Config['target_languages'],
      model: how.model ?? 'base',
      match_original_utterances: how.matchOriginalUtterances ?? true,
      lipsync: how.lipsync ?? true,
      context_adaptation: how.contextAdaptation ?? true,
      ...(how.context !== undefined && { context: how.context }),
      informal: how.informal ?? false,
    },
  };
}

function postProcessing({ summary }: SpeechOptions): Part<'post_processing'> {
  return {
    summarization: summary !== undefined,
    ...(summary !== undefined && { summarization_config: { type: summary } }),
  };
}
