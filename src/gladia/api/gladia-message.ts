import { isAddon, readAddon, type AddonMessage } from './gladia-addons.js';
import type { GladiaUtterance } from './gladia-utterance.js';
import { acknowledgmentSchema, failedSchema, resultSchema, transcriptSchema } from './message-schemas.js';
import { parseAcknowledgment, parseTranscript } from './fast-message-parser.js';

/** What the server said, reduced to what matters here. `malformed` and `problem` name a kind that may be logged. */
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

/** Types that say nothing we need. Any other unknown type counts as malformed, so that it shows in the log. */
const UNUSED = new Set([
  ...['start_session', 'speech_start', 'speech_end', 'stop_recording', 'end_recording'],
  ...['post_transcript', 'post_chapterization'],
]);

/** Reads one frame. Never throws: what makes no sense comes back as `malformed`. */
export function parseMessage(frame: string | undefined): GladiaMessage {
  if (frame === undefined) return malformed('binary');
  let json: unknown;
  try {
    json = JSON.parse(frame);
  } catch {
    return malformed('not JSON');
  }
  const type = (json as { type?: unknown } | null)?.type;
  return typeof type === 'string' ? read(type, json) : malformed('no type');
}

function read(type: string, json: unknown): GladiaMessage {
  if (type === 'start_recording') return { kind: 'recording' };
  if (type === 'end_session') return { kind: 'session-ended' };
  if (type === 'error') return { kind: 'problem', of: 'error' };
  if (type === 'audio_chunk') return acknowledgment(json);
  if (type === 'transcript') return transcript(json);
  if (type === 'post_final_transcript') return result(json);
  if (!UNUSED.has(type) && !isAddon(type)) return malformed('unknown type');
  if (failedSchema.safeParse(json).success) return { kind: 'problem', of: type };
  return isAddon(type) ? (readAddon(type, json) ?? malformed(type)) : { kind: 'other' };
}

function acknowledgment(json: unknown): GladiaMessage {
  const range = parseAcknowledgment(json);
  if (range === undefined && failedSchema.safeParse(json).success) return { kind: 'problem', of: 'audio_chunk' };
  const [startByte, endByte] = range ?? acknowledgmentSchema.safeParse(json).data?.data.byte_range ?? [];
  if (startByte === undefined || endByte === undefined) return malformed('audio_chunk');
  return { kind: 'acknowledged', startByte, endByte };
}

function transcript(json: unknown): GladiaMessage {
  const read = parseTranscript(json) ?? transcriptSchema.safeParse(json).data?.data;
  if (read === undefined) return malformed('transcript');
  const { id, is_final: final, utterance } = read;
  return { kind: 'transcript', id, final, utterance };
}

function result(json: unknown): GladiaMessage {
  const parsed = resultSchema.safeParse(json);
  return parsed.success
    ? { kind: 'result', utterances: parsed.data.data.transcription.utterances }
    : malformed('post_final_transcript');
}
