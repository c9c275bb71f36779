import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  SessionLive,
  TrackPublished,
  TrackUnpublished,
  TranscriptionStatusChanged,
  TranscriptReady,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';

/** What was told of a session that is live. */
export interface LoggedSession {
  readonly liveAtUnixMs: number;
  readonly trackSids: ReadonlySet<string>;
  readonly firstWordsAtUnixMs: number | undefined;
  readonly lastWordsAtUnixMs: number | undefined;
}

interface Log extends LoggedSession {
  readonly trackSids: Set<string>;
  firstWordsAtUnixMs: number | undefined;
  lastWordsAtUnixMs: number | undefined;
}

/** Follows the facts of live sessions, as far as a diagnosis needs them: which tracks there are, and when words came. */
@Injectable()
export class SessionLog implements OnModuleInit {
  readonly #logs = new Map<string, Log>();

  constructor(private readonly events: EventBus) {}

  onModuleInit(): void {
    this.events.on(SessionLive, ({ sessionId, liveAtUnixMs }) => this.#begin(sessionId, liveAtUnixMs));
    this.events.on(TrackPublished, ({ sessionId, trackSid }) => {
      this.#logs.get(sessionId)?.trackSids.add(trackSid);
    });
    this.events.on(TrackUnpublished, ({ sessionId, trackSid }) => {
      this.#logs.get(sessionId)?.trackSids.delete(trackSid);
    });
    this.events.on(TranscriptReady, ({ sessionId }) => this.#words(sessionId));
    this.events.on(TranscriptionStatusChanged, ({ sessionId, status }) => {
      if (status === 'ended') this.#logs.delete(sessionId);
    });
  }

  find(sessionId: string): LoggedSession | undefined {
    return this.#logs.get(sessionId);
  }

  #begin(sessionId: string, liveAtUnixMs: number): void {
    const nothingYet = { firstWordsAtUnixMs: undefined, lastWordsAtUnixMs: undefined };
    this.#logs.set(sessionId, { liveAtUnixMs, trackSids: new Set(), ...nothingYet });
  }

  #words(sessionId: string): void {
    const log = this.#logs.get(sessionId);
    if (log === undefined) return;
    log.lastWordsAtUnixMs = Date.now();
    log.firstWordsAtUnixMs ??= log.lastWordsAtUnixMs;
  }
}
