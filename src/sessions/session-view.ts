import type { SessionReportReader } from './session-report-reader.js';
import { z } from 'zod';
import { sessionSource, sessionStatus } from './session-request.js';
import type { Session } from './session.js';

const count = z.int().min(0);
const time = z.iso.datetime();

/** Open: each audio source adds fields of its own. */
const trackSchema = z
  .looseObject({
    trackSid: z.string(),
    identity: z.string(),
    name: z.string(),
    publishedAs: z.string().meta({ description: 'What the participant published it as' }),
    muted: z.boolean(),
    source: z.string().optional().meta({ description: 'How its sound comes in' }),
    state: z.string().optional().meta({
      description: 'starting, streaming, waiting-for-egress-slot, restarting, failed, draining or ended',
    }),
    reason: z.string().optional().meta({ description: 'Why, where it failed or restarts' }),
    restarts: count.optional(),
    frames: count.optional(),
    mutedAtSource: z.boolean().optional(),
    codec: z.string().optional(),
    bytesReceived: count.optional(),
    buffer: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Track' });

const leftOutSchema = z
  .object({
    trackSid: z.string(),
    identity: z.string(),
    name: z.string(),
    kind: z.string().meta({ description: 'Of the participant, as LiveKit says' }),
    publishedAs: z.string(),
    reason: z.enum(['kind', 'source', 'opted_out', 'encrypted']).meta({
      description:
        'kind, source: not among TRANSCRIBE_KINDS or TRANSCRIBE_SOURCES; opted_out: the participant has the attribute ' +
        'roomscribe.transcribe=off; encrypted: end to end',
    }),
  })
  .meta({ id: 'LeftOutTrack' });

const deliverySchema = z.looseObject({
  firstTranscriptAt: time.optional(),
  lastDeliveredAt: time.optional(),
  lastRefusal: z.object({ at: time, reason: z.string() }).optional(),
});

/** A session as the API shows it; each module may add a section. */
export const sessionViewSchema = z
  .looseObject({
    id: z.string(),
    room: z.string(),
    status: sessionStatus,
    source: sessionSource,
    languages: z.array(z.string()).meta({ description: 'Empty: detected' }),
    translation: z.array(z.string()),
    createdAt: time,
    liveAt: time.optional(),
    endedAt: time.optional(),
    tracks: z.array(trackSchema),
    leftOut: z.array(leftOutSchema).meta({ description: 'Audio tracks of the room that are not transcribed' }),
    gladia: z.looseObject({ state: z.string(), reason: z.string() }).optional(),
    egress: z.looseObject({ api: z.string() }).optional(),
    dataChannel: deliverySchema.optional(),
    insights: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'What else was made of the words, such as a summary' }),
    counters: z.record(z.string(), z.number()),
  })
  .meta({ id: 'Session' });

export type SessionView = z.infer<typeof sessionViewSchema>;

interface ViewOptions {
  /** Stored insights of an ended session; those in memory replace them. */
  readonly insights?: Readonly<Record<string, unknown>> | undefined;
  /** Whether to show what tells what was said. */
  readonly withText: boolean;
}

/** A session as the API shows it: its record, and what each module reports about it. */
export function sessionView(
  session: Session,
  reports: SessionReportReader,
  { insights, withText }: ViewOptions,
): SessionView {
  const report = reports.read(session.id);
  const { insights: latest = insights, ...sections } = report.sections;
  const { createdAtMs, liveAtMs, endedAtMs } = session.record;
  return {
    id: session.id,
    room: session.room,
    status: session.status,
    source: session.source,
    languages: [...session.options.spoken],
    translation: [...session.options.translateTo],
    createdAt: iso(createdAtMs),
    ...(liveAtMs !== undefined && { liveAt: iso(liveAtMs) }),
    ...(endedAtMs !== undefined && { endedAt: iso(endedAtMs) }),
    tracks: session.roster.tracks.map(({ source: publishedAs, ...track }) => ({
      ...track,
      publishedAs,
      ...report.track(track.trackSid),
    })),
    leftOut: session.roster.leftOut.map(({ source: publishedAs, muted: _, ...track }) => ({ ...track, publishedAs })),
    ...sections,
    ...(withText && latest !== undefined && { insights: latest as Record<string, unknown> }),
    counters: { ...report.counters },
  };
}

const iso = (unixMs: number): string => new Date(unixMs).toISOString();
