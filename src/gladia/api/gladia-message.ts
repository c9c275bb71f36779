import { isAddon, parseAddon, type AddonMessage } from './gladia-addons.js';
import type { GladiaUtterance } from './gladia-utterance.js';
import {
  acknowledgmentSchema,
  failedSchema,
  parseAcknowledgment,
  parseTranscript,
  resultSchema,
  transcriptSchema,
} from './message-schemas.js';

/**
 * A message of Gladia's WebSocket, reduced to what is used here. The names in `malformed` and `problem` come from a fixed
 * list and may be logged.
 */
export type GladiaMessage =
  | { readonly kind: 'recording' }
  | { readonly kind: 'acknowledged'; readonly startByte: number; readonly endByte: number }
  | { readonly kind: 'transcript'; readonly id: string; readonly final: boolean; readonly utterance: GladiaUtterance }
  | { readonly kind: 'result'; readonly utterances: readonly GladiaUtterance[] }
  | AddonMessage
  | { readonly kind: 'session-ended' }
  | { readonly kind: 'problem'; readonly of: string }
  | { readonly kind: 'other' }
  | { readonly kind: 'malformed'; readonly what: string };

const malformed = (what: string): GladiaMessage => ({ kind: 'malformed', what });

/** Types that are known and not used. Any other unknown type counts as malformed, so that it shows in the log. */
const UNUSED = new Set([
  ...['start_session', 'speech_start', 'speech_end', 'stop_recording', 'end_recording'],
  ...['post_transcript', 'post_chapterization'],
]);

/**
 * Parses one WebSocket message. Never throws: what cannot be understood comes back as `malformed`.
 * @param frame the text; undefined where the message was binary
 */
export function parseMessage(frame: string | undefined): GladiaMessage {
  if (frame === undefined) return malformed('binary');
  let json: unknown;
  try {
    json = JSON.parse(frame);
  } catch {
    return malformed('not JSON');
  }
  const type = (json as { type?: unknown } | null)?.type;
  return typeof type === 'string' ? parse(type, json) : malformed('no type');
}

function parse(type: string, json: unknown): GladiaMessage {
  if (type === 'start_recording') return { kind: 'recording' };
  if (type === 'end_session') return { kind: 'session-ended' };
  if (type === 'error') return { kind: 'problem', of: 'error' };
  if (type === 'audio_chunk') return acknowledgment(json);
  if (type === 'transcript') return transcript(json);
  if (type === 'post_final_transcript') return result(json);
  if (!UNUSED.has(type) && !isAddon(type)) return malformed('unknown type');
  if (failedSchema.safeParse(json).success) return { kind: 'problem', of: type };
  return isAddon(type) ? (parseAddon(type, json) ?? malformed(type)) : { kind: 'other' };
}

function acknowledgment(json: unknown): GladiaMessage {
  const range = parseAcknowledgment(json);
  if (range === undefined && failedSchema.safeParse(json).success) return { kind: 'problem', of: 'audio_chunk' };
  const [startByte, endByte] = range ?? acknowledgmentSchema.safeParse(json).data?.data.byte_range ?? [];
  if (startByte === undefined || endByte === undefined) return malformed('audio_chunk');
  return { kind: 'acknowledged', startByte, endByte };
}

function transcript(json: unknown): GladiaMessage {
  const parsed = parseTranscript(json) ?? transcriptSchema.safeParse(json).data?.data;
  if (parsed === undefined) return malformed('transcript');
  const { id, is_final: final, utterance } = parsed;
  return { kind: 'transcript', id, final, utterance };
}

function result(json: unknown): GladiaMessage {
  const parsed = resultSchema.safeParse(json);
  return parsed.success
    ? { kind: 'result', utterances: parsed.data.data.transcription.utterances }
    : malformed('post_final_transcript');
}
