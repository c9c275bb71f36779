import { entitiesOf, sentimentOf, summaryOf, translated } from './addons.js';
import { type GladiaUtterance, transcriptionOf } from './messages.js';
import type { SessionRequest } from './session-request.js';
import type { GladiaSession } from './session.js';

/** `G-` and the first block of the id. */
export const requestIdOf = (id: string): string => `G-${id.split('-')[0] ?? id}`;

export function statusOf(session: GladiaSession): 'queued' | 'processing' | 'done' {
  if (session.state === 'created') return 'queued';
  return session.state === 'done' ? 'done' : 'processing';
}

/** Body of `GET /v2/live/{id}`. */
export function resultOf(session: GladiaSession): object {
  const { id, request } = session;
  const isDone = session.state === 'done';
  return {
    id,
    request_id: requestIdOf(id),
    version: 2,
    status: statusOf(session),
    kind: 'live',
    created_at: session.createdAt.toISOString(),
    completed_at: session.endedAt?.toISOString() ?? null,
    custom_metadata: request.custom_metadata ?? null,
    error_code: null,
    post_session_metadata: {},
    file: isDone ? fileOf(session) : null,
    request_params: isDone ? request : null,
    result: isDone ? transcriptOf(session) : null,
  };
}

function fileOf({ id, intake, request }: GladiaSession): object {
  const audio = { audio_duration: intake.durationSeconds, number_of_channels: request.channels };
  return { id, filename: `${id}.wav`, source: null, ...audio };
}

function transcriptOf({ intake, request, utterances, outbox }: GladiaSession): object {
  return {
    metadata: {
      audio_duration: intake.durationSeconds,
      number_of_distinct_channels: request.channels,
      billing_time: intake.durationSeconds * request.channels,
      transcription_time: 0,
    },
    transcription: transcriptionOf(utterances),
    ...addonsOf(request, utterances),
    messages: outbox.sent,
  };
}

/** Every add-on that was asked for, in the form that they all share. */
function addonsOf(request: SessionRequest, utterances: readonly GladiaUtterance[]): object {
  const { realtime_processing: wanted, post_processing: after } = request;
  const done = (results: unknown): object => ({ success: true, is_empty: false, exec_time: 0, error: null, results });
  const into = (language: string): object => ({
    error: null,
    ...transcriptionOf(utterances.map((utterance) => translated(utterance, language))),
  });
  return {
    ...(wanted.translation && { translation: done(wanted.translation_config?.target_languages.map(into) ?? []) }),
    ...(after.summarization && { summarization: done(summaryOf(request, utterances)) }),
    ...(wanted.named_entity_recognition && { named_entity_recognition: done(utterances.flatMap(entitiesOf)) }),
    ...(wanted.sentiment_analysis && {
      sentiment_analysis: done(JSON.stringify(utterances.map(sentimentOf))),
    }),
  };
}
