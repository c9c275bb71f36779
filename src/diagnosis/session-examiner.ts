import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Config } from '../config/config.js';
import { LiveKitWebhooks } from '../livekit/livekit-webhooks.js';
import { TrackSpeechActivity } from '../media/track-speech-activity.js';
import type { SessionEntry } from '../sessions/session-directory.port.js';
import { SessionReports, type MergedReport } from '../sessions/session-reports.port.js';
import { isOff } from './checks/sound.check.js';
import type { SessionFacts, SocketFacts, TrackFacts } from './session-facts.js';
import { SessionLog } from './session-log.js';
import { SocketLook } from './socket-look.js';

const LOOK_MS = 1_000;
/** What seems wrong is looked at for longer: a busy machine delivers in bursts. */
const SECOND_LOOK_MS = 3_000;

const text = z.string().optional().catch(undefined);
const trackSchema = z.object({ state: text, source: text, reason: text, mutedAtSource: z.boolean().catch(false) });
const sectionsSchema = z.object({
  gladia: z.object({ state: z.string(), reason: z.string() }).catch({ state: 'idle', reason: '' }),
  dataChannel: z
    .object({
      firstTranscriptAt: text,
      lastDeliveredAt: text,
      lastRefusal: z.object({ at: z.string(), reason: z.string() }).optional(),
    })
    .catch({ firstTranscriptAt: undefined, lastDeliveredAt: undefined }),
});

/** Collects what the modules know of a session. Takes a second, over which rates are measured. */
@Injectable()
export class SessionExaminer {
  constructor(
    private readonly config: Config,
    private readonly reports: SessionReports,
    private readonly log: SessionLog,
    private readonly voices: TrackSpeechActivity,
    private readonly webhooks: LiveKitWebhooks,
  ) {}

  async examine({ id, status }: SessionEntry): Promise<SessionFacts> {
    const sockets = await this.#measure(id);
    const report = this.reports.read(id);
    const { gladia, dataChannel } = sectionsSchema.parse(report.sections);
    const logged = this.log.find(id);
    return {
      sessionId: id,
      isLive: status === 'live',
      liveForMs: Date.now() - (logged?.liveAtUnixMs ?? Date.now()),
      tracks: this.#trackSids(id).map((trackSid) => this.#track(id, trackSid, report, sockets.get(trackSid))),
      gladia,
      delivery: { undelivered: report.counters['undelivered'] ?? 0, ...dataChannel },
      words: {
        ...(logged?.firstWordsAtUnixMs !== undefined && { firstAt: iso(logged.firstWordsAtUnixMs) }),
        ...(logged?.lastWordsAtUnixMs !== undefined && { lastAt: iso(logged.lastWordsAtUnixMs) }),
      },
      webhooks: this.webhooks.seen,
      startsByWebhook: this.config.sessions.autoStart !== 'off',
    };
  }

  #track(sessionId: string, trackSid: string, report: MergedReport, socket?: SocketFacts): TrackFacts {
    const { mutedAtSource, ...told } = trackSchema.parse(report.track(trackSid));
    const silentForMs = this.voices.silentForMs(sessionId, trackSid);
    return {
      trackSid,
      ...told,
      muted: mutedAtSource,
      ...(socket && { socket }),
      ...(silentForMs !== undefined && { silentForMs }),
    };
  }

  async #measure(sessionId: string): Promise<ReadonlyMap<string, SocketFacts>> {
    const before = this.#look(sessionId);
    for (const waitMs of [LOOK_MS, SECOND_LOOK_MS]) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      const measured = this.#between(sessionId, before);
      if (![...measured.values()].some(isOff) || waitMs === SECOND_LOOK_MS) return measured;
    }
    return new Map();
  }

  #between(sessionId: string, before: SocketLook): Map<string, SocketFacts> {
    const after = this.#look(sessionId);
    return new Map(
      this.#trackSids(sessionId).flatMap((trackSid) => {
        const socket = after.since(before, trackSid);
        return socket ? [[trackSid, socket] as const] : [];
      }),
    );
  }

  #look(sessionId: string): SocketLook {
    return new SocketLook(this.#trackSids(sessionId), this.reports.read(sessionId));
  }

  #trackSids(sessionId: string): string[] {
    return [...(this.log.find(sessionId)?.trackSids ?? [])];
  }
}

const iso = (unixMs: number): string => new Date(unixMs).toISOString();
