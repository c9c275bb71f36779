import { z } from 'zod';
import { isAddon, readAddon, type AddonMessage } from './gladia-addons.js';
import { transcriptionSchema, utteranceSchema, type GladiaUtterance } from './gladia-utterance.js';

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

const envelopeSchema = z.object({ type: z.string() });
const acknowledgmentSchema = z.object({ data: z.object({ byte_range: z.tuple([z.number(), z.number()]) }) });
const transcriptSchema = z.object({
  data: z.object({
    id: z.union([z.string(), z.number()]).transform(String),
    is_final: z.boolean(),
    utterance: utteranceSchema,
  }),
});
const resultSchema = z.object({ data: z.object({ transcription: transcriptionSchema }) });
const failedSchema = z.union([
  z.object({ acknowledged: z.literal(false) }),
  z.object({ error: z.object({}), data: z.null().optional() }),
]);

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
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) return malformed('no type');
  return read(envelope.data.type, json);
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
  if (failedSchema.safeParse(json).success) return { kind: 'problem', of: 'audio_chunk' };
  const parsed = acknowledgmentSchema.safeParse(json);
  if (!parsed.success) return malformed('audio_chunk');
  const [startByte, endByte] = parsed.data.data.byte_range;
  return { kind: 'acknowledged', startByte, endByte };
}

function transcript(json: unknown): GladiaMessage {
  const parsed = transcriptSchema.safeParse(json);
  if (!parsed.success) return malformed('transcript');
  const { id, is_final: final, utterance } = parsed.data.data;
  return { kind: 'transcript', id, final, utterance };
}

function result(json: unknown): GladiaMessage {
  const parsed = resultSchema.safeParse(json);
  return parsed.success
    ? { kind: 'result', utterances: parsed.data.data.transcription.utterances }
    : malformed('post_final_transcript');
}
