import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { sessionsConfig, type SessionsConfig } from '../config/namespaces.js';
import {
  MessagePublished,
  SessionLive,
  TrackPublished,
  TracksLeftOut,
  TrackUnpublished,
  TranscriptionStatusChanged,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { LiveKitWebhooks } from '../livekit/livekit-webhooks.js';
import { TrackSpeechActivity } from '../media/track-speech-activity.js';
import type { SessionEntry } from '../sessions/session-directory.port.js';
import { SessionStates, type TrackConnection } from '../sessions/session-states.port.js';
import {
  isOffRate,
  rateBetween,
  type ConnectionRate,
  type SessionSnapshot,
  type TrackSnapshot,
} from './session-snapshot.js';

/** Rates are measured over this time, */
const MEASURED_OVER_MS = 1_000;
/** and where one seems wrong over so much more: a busy machine delivers in bursts. */
const MEASURED_LONGER_MS = 3_000;

/** What the events tell of a live session: which tracks there are, and when words came. */
interface LiveSession {
  readonly liveAtUnixMs: number;
  readonly trackSids: Set<string>;
  leftOut: SessionSnapshot['leftOut'];
  firstWordsAtUnixMs?: number;
  lastWordsAtUnixMs?: number;
}

/** Collects what the modules know of a session. Takes a second or more, over which rates are measured. */
@Injectable()
export class SessionInspector implements OnModuleInit {
  readonly #live = new Map<string, LiveSession>();

  constructor(
    @Inject(sessionsConfig.KEY) private readonly config: SessionsConfig,
    private readonly events: EventBus,
    private readonly states: SessionStates,
    private readonly voices: TrackSpeechActivity,
    private readonly webhooks: LiveKitWebhooks,
  ) {}

  onModuleInit(): void {
    this.events.on(SessionLive, ({ sessionId, liveAtUnixMs }) => {
      this.#live.set(sessionId, { liveAtUnixMs, trackSids: new Set(), leftOut: [] });
    });
    this.events.on(TrackPublished, ({ sessionId, trackSid }) => {
      this.#live.get(sessionId)?.trackSids.add(trackSid);
    });
    this.events.on(TrackUnpublished, ({ sessionId, trackSid }) => {
      this.#live.get(sessionId)?.trackSids.delete(trackSid);
    });
    this.events.on(TracksLeftOut, ({ sessionId, tracks }) => {
      const live = this.#live.get(sessionId);
      if (live !== undefined) live.leftOut = tracks;
    });
    this.events.on(MessagePublished, ({ sessionId, message }) => {
      if (message.type === 'transcript') this.#onWords(sessionId);
    });
    this.events.on(TranscriptionStatusChanged, ({ sessionId, status }) => {
      if (status === 'ended') this.#live.delete(sessionId);
    });
  }

  async inspect({ id, status }: SessionEntry): Promise<SessionSnapshot> {
    const rates = await this.#measure(id);
    const live = this.#live.get(id);
    const { firstWordsAtUnixMs: first, lastWordsAtUnixMs: last } = live ?? {};
    return {
      sessionId: id,
      isLive: status === 'live',
      liveForMs: live === undefined ? 0 : Date.now() - live.liveAtUnixMs,
      tracks: this.#trackSids(id).map((trackSid) => this.#track(id, trackSid, rates.get(trackSid))),
      leftOut: live?.leftOut ?? [],
      gladia: this.states.transcription(id) ?? { state: 'idle', reason: '' },
      delivery: this.states.delivery(id) ?? { undelivered: 0 },
      words: { ...(first !== undefined && { firstAt: iso(first) }), ...(last !== undefined && { lastAt: iso(last) }) },
      webhooks: this.webhooks.seen,
      startsByWebhook: this.config.autoStart !== 'off',
    };
  }

  #onWords(sessionId: string): void {
    const live = this.#live.get(sessionId);
    if (live === undefined) return;
    live.lastWordsAtUnixMs = Date.now();
    live.firstWordsAtUnixMs ??= live.lastWordsAtUnixMs;
  }

  #track(sessionId: string, trackSid: string, rate: ConnectionRate | undefined): TrackSnapshot {
    const silentForMs = this.voices.silentForMs(sessionId, trackSid);
    return {
      trackSid,
      ...this.states.track(sessionId, trackSid),
      muted: this.states.connection(sessionId, trackSid)?.muted === true,
      ...(rate && { rate }),
      ...(silentForMs !== undefined && { silentForMs }),
    };
  }

  /** By track SID. */
  async #measure(sessionId: string): Promise<ReadonlyMap<string, ConnectionRate>> {
    const before = this.#connections(sessionId);
    const beganAtMs = performance.now();
    await sleep(MEASURED_OVER_MS);
    const rates = this.#ratesSince(before, beganAtMs, sessionId);
    if (![...rates.values()].some(isOffRate)) return rates;
    await sleep(MEASURED_LONGER_MS);
    return this.#ratesSince(before, beganAtMs, sessionId);
  }

  #ratesSince(
    before: ReadonlyMap<string, TrackConnection | undefined>,
    beganAtMs: number,
    sessionId: string,
  ): Map<string, ConnectionRate> {
    const elapsedMs = performance.now() - beganAtMs;
    const rates = new Map<string, ConnectionRate>();
    for (const [trackSid, after] of this.#connections(sessionId)) {
      const rate = rateBetween(before.get(trackSid), after, elapsedMs);
      if (rate !== undefined) rates.set(trackSid, rate);
    }
    return rates;
  }

  #connections(sessionId: string): Map<string, TrackConnection | undefined> {
    const connections = this.#trackSids(sessionId).map(
      (trackSid) => [trackSid, this.states.connection(sessionId, trackSid)] as const,
    );
    return new Map(connections);
  }

  #trackSids(sessionId: string): string[] {
    return [...(this.#live.get(sessionId)?.trackSids ?? [])];
  }
}

const iso = (unixMs: number): string => new Date(unixMs).toISOString();
