import { Injectable } from '@nestjs/common';
import { TranscriptionStatusChanged } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { MessageJournal, type RecoveredMessages } from '../transcripts/message-journal.port.js';
import { sleep } from '../async/sleep.js';
import type { RosterTrack } from './roster.js';
import { SessionStates } from './session-states.port.js';
import type { Session, SessionRecord } from './session.js';
import { SessionPersistence, UNTRANSCRIBED_MS } from './session-persistence.js';
import { SessionStore } from './session-store.js';
import { SessionsService } from './sessions.service.js';

const POLL_EVERY_MS = 100;
/** The first frame of an egress arrives within 4 s; a longer gap is reported for each track by itself. */
const MAX_RESTART_GAP_MS = 8_000;
/** How many ended sessions are kept in memory. */
const ENDED_RESTORED = 1_000;
const INTERRUPTED = 'Captions were interrupted. What was said in the meantime is missing.';

/** Restores sessions after a crash or restart: live sessions go on, ending ones end, and their messages are still there. */
@Injectable()
export class SessionRecovery {
  /** By session: the gaps of recovered sessions whose audio is not received again yet. */
  readonly #gaps = new Map<string, RestartGap>();

  constructor(
    private readonly sessions: SessionsService,
    private readonly store: SessionStore,
    private readonly persistence: SessionPersistence,
    private readonly journal: MessageJournal,
    private readonly events: EventBus,
    private readonly states: SessionStates,
  ) {
    sessions.beforeEnd(({ id }) => this.#gaps.get(id)?.close());
  }

  /** Call it when every module has subscribed to events, and before new sessions start. */
  async recoverSessions(): Promise<void> {
    for (const record of await this.store.unfinished()) {
      if (record.status === 'created') this.sessions.restore(record);
      else this.#recover(record, await this.journal.resume(record.id));
    }
    for (const record of await this.store.lastEnded(ENDED_RESTORED)) this.sessions.restore(record);
  }

  #recover(record: SessionRecord, recovered: RecoveredMessages): void {
    // An ending session lost the words that were still in progress, so it becomes live and ends again.
    const session = this.sessions.restore({ ...record, status: recovered.ended ? 'ended' : 'live' });
    this.persistence.save(session);
    if (recovered.ended) return;
    this.sessions.resume(session, { lastUtterance: recovered.lastUtterance });
    this.#trackGap(session, (endUnixMs) => gap(record, recovered.lastWordsMs, endUnixMs));
    if (record.status === 'ending') this.sessions.end(session, record.endReason ?? 'shutdown');
    else void this.#resumeSync(session);
  }

  /** The session counts as not transcribed until audio is received, so that after another crash the gap begins where it did. */
  #trackGap(session: Session, gapUntil: (endUnixMs: number) => TranscriptionStatusChanged): void {
    this.persistence.setTranscribed(session, false);
    const gap = new RestartGap(session, this.states, (endUnixMs) => {
      this.#gaps.delete(session.id);
      this.persistence.setTranscribed(session, true);
      this.events.publish(gapUntil(endUnixMs));
    });
    this.#gaps.set(session.id, gap);
  }

  async #resumeSync(session: Session): Promise<void> {
    this.sessions.startSync(session);
    await this.sessions.syncRoster(session);
    await this.#gaps.get(session.id)?.whenReceiving();
  }
}

/** From the last speech that was certainly transcribed until audio was received again. */
function gap({ id, liveAtMs = 0, aliveAtMs = liveAtMs }: SessionRecord, lastWordsMs: number, endUnixMs: number) {
  const endMs = Math.max(0, endUnixMs - liveAtMs);
  const startMs = Math.min(endMs, Math.max(lastWordsMs, aliveAtMs - liveAtMs - UNTRANSCRIBED_MS, 0));
  return new TranscriptionStatusChanged(id, 'gap', INTERRUPTED, { startMs, endMs });
}

/** Finds where the gap of a restart ends: when the session's tracks are received again. Reports it once. */
class RestartGap {
  readonly #reported = new AbortController();
  #receivingCount = 0;
  #receivingSinceUnixMs = Date.now();

  constructor(
    private readonly session: Session,
    private readonly states: SessionStates,
    private readonly onEnd: (endUnixMs: number) => void,
  ) {}

  /** Resolves when all tracks are received, after 8 s at the latest, or when the session is over. */
  async whenReceiving(): Promise<void> {
    const deadlineMs = performance.now() + MAX_RESTART_GAP_MS;
    while (!this.#allReceiving() && this.session.status === 'live' && performance.now() < deadlineMs)
      await sleep(POLL_EVERY_MS, this.#reported.signal);
    this.close(this.#receivingSinceUnixMs);
  }

  /** The gap ends at `endUnixMs`. Idempotent. */
  close(endUnixMs = Date.now()): void {
    if (this.#reported.signal.aborted) return;
    this.#reported.abort();
    this.onEnd(endUnixMs);
  }

  #allReceiving(): boolean {
    const { tracks } = this.session.roster;
    const count = tracks.filter((track) => this.#isReceiving(track)).length;
    if (count > this.#receivingCount) this.#receivingSinceUnixMs = Date.now();
    this.#receivingCount = count;
    return count === tracks.length;
  }

  /** Where frames are counted, an open connection without frames does not count as receiving. */
  #isReceiving({ trackSid }: RosterTrack): boolean {
    const { id } = this.session;
    return this.states.isStreaming(id, trackSid) && this.states.connection(id, trackSid)?.frames !== 0;
  }
}
