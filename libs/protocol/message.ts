/**
 * The messages that listeners receive: on the LiveKit data channel (topic `transcription`), and over server-sent events.
 * This file is their one definition. Times are milliseconds of the session clock; `startedAt` is wall time, ISO 8601.
 * It imports nothing of the server, so a browser can use it as it is.
 */
import { z } from 'zod';

const ms = z.number().min(0);

/** `seq` counts up by one for every message of a session, so a listener sees a gap. */
const envelope = { v: z.literal(1), sessionId: z.string().min(1), seq: z.int().min(0) };

export const speakerSchema = z
  .object({ identity: z.string(), name: z.string(), trackSid: z.string() })
  .meta({ id: 'Speaker' });

export const wordSchema = z
  .object({ text: z.string(), startMs: ms, endMs: ms, confidence: z.number() })
  .meta({ id: 'Word' });

/**
 * A stretch of speech by one speaker. `segmentId` is stable from the first partial to the final, `revision` counts up
 * within it, and a final never changes. A final with an empty `text` takes a partial back.
 * `speaker` is null when two spoke at once or none is clear; `candidates` then lists who it may have been.
 */
export const transcriptSchema = z
  .object({
    ...envelope,
    type: z.literal('transcript'),
    segmentId: z.string().min(1),
    revision: z.int().min(1),
    final: z.boolean(),
    text: z.string(),
    language: z.string(),
    speaker: speakerSchema.nullable(),
    candidates: z.array(speakerSchema).optional(),
    confidence: z.number().min(0).max(1),
    startMs: ms,
    endMs: ms,
    /** When it was said. */
    startedAt: z.iso.datetime(),
    /**
     * How the delay before the audio came here is known, which `startedAt` leaves out: `configured` (EGRESS_LATENCY_MS), `learnt`,
     * `source` (it has none). `unknown`: nothing is left out, so `startedAt` is late by that delay.
     */
    startedAtFrom: z.enum(['configured', 'learnt', 'source', 'unknown']).optional(),
    words: z.array(wordSchema).optional(),
    source: z.enum(['server', 'client']),
  })
  .meta({ id: 'TranscriptMessage' });

/** A segment in another language; it never replaces or delays the original. */
export const translationSchema = z
  .object({
    ...envelope,
    type: z.literal('translation'),
    segmentId: z.string().min(1),
    language: z.string(),
    text: z.string(),
  })
  .meta({ id: 'TranslationMessage' });

/** The state of the transcription, with a sentence for people. */
export const statusSchema = z
  .object({
    ...envelope,
    type: z.literal('status'),
    status: z.enum(['live', 'degraded', 'recovered', 'gap', 'ended']),
    /** What has happened, for programs: the status itself, or the cause of a `degraded`, such as `encrypted`. */
    code: z.string().optional(),
    message: z.string(),
    /** Whom it is about, if it is about one person's audio. */
    identity: z.string().optional(),
    trackSid: z.string().optional(),
    startMs: ms.optional(),
    endMs: ms.optional(),
  })
  .meta({ id: 'StatusMessage' });

/** Segments whose words were erased: listeners drop them, and their translations. */
export const retractionSchema = z
  .object({ ...envelope, type: z.literal('retraction'), segmentIds: z.array(z.string().min(1)) })
  .meta({ id: 'RetractionMessage' });

/**
 * What a participant who joins late would have on the screen, sent to that participant only; its `seq` is that of the last
 * message sent to all. It may come several times: each replaces nothing that is newer.
 */
export const snapshotSchema = z
  .object({
    ...envelope,
    type: z.literal('snapshot'),
    /** The last finals, oldest first, then the interims of those who are speaking. */
    segments: z.array(transcriptSchema.omit({ words: true })),
    /** Of these finals. */
    translations: z.array(translationSchema).optional(),
    /** How the transcription is now, after the gaps among these segments. */
    statuses: z.array(statusSchema).optional(),
  })
  .meta({ id: 'SnapshotMessage' });

export const messageSchema = z
  .discriminatedUnion('type', [transcriptSchema, translationSchema, statusSchema, retractionSchema, snapshotSchema])
  .meta({ id: 'Message' });

export type Speaker = z.infer<typeof speakerSchema>;
export type Word = z.infer<typeof wordSchema>;
export type TranscriptMessage = z.infer<typeof transcriptSchema>;
export type TranslationMessage = z.infer<typeof translationSchema>;
export type StatusMessage = z.infer<typeof statusSchema>;
export type RetractionMessage = z.infer<typeof retractionSchema>;
export type SnapshotMessage = z.infer<typeof snapshotSchema>;
export type Message = z.infer<typeof messageSchema>;
