import type { LiveV2InitRequest } from '@gladiaio/sdk';
import { SAMPLE_RATE_HZ } from '../media/audio-format.js';
import type { SpeechLanguages } from '../media/speech-languages.js';
import type { GladiaAccount } from './gladia-settings.js';

/**
 * The body of `POST /v2/live`. Everything that matters is said, because Gladia's defaults have changed silently; nothing
 * undocumented is, because one unknown property makes it refuse the whole.
 */
export function sessionRequest(
  { model, endpointingS, maxDurationS }: GladiaAccount,
  sessionId: string,
  languages: SpeechLanguages,
): LiveV2InitRequest {
  return {
    encoding: 'wav/pcm',
    bit_depth: 16,
    sample_rate: SAMPLE_RATE_HZ,
    channels: 1,
    model: model as NonNullable<LiveV2InitRequest['model']>,
    endpointing: endpointingS,
    maximum_duration_without_endpointing: maxDurationS,
    language_config: languageConfig(languages),
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
    custom_metadata: { sessionId },
  };
}

/** None: Gladia detects one and keeps it. One: fixed. Several: detected anew for each utterance, among these. */
function languageConfig({ spoken }: SpeechLanguages): NonNullable<LiveV2InitRequest['language_config']> {
  return {
    languages: [...spoken] as NonNullable<NonNullable<LiveV2InitRequest['language_config']>['languages']>,
    code_switching: spoken.length > 1,
  };
}
