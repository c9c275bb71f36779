import { Injectable } from '@nestjs/common';
import { TranscriptionStatusChanged } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { MessageJournal, type RecoveredMessages } from '../transcripts/message-journal.port.js';
import { SessionStates } from './session-states.port.js';
import { RestartGap } from './restart-gap.js';
import type { Session } from './session.js';
import { SessionPersistence, UNTRANSCRIBED_MS } from './session-persistence.js';
import type { SessionRecord } from './session-record.js';
import { SessionStore } from './session-store.js';
import { SessionsService } from './sessions.service.js';

const ENDED_SHOWN = 1_000;
const INTERRUPTED = 'Captions were interrupted. What was said in the meantime is missing.';

/** After a crash: what was live is live again, what was ending ends, and what was said is still there. */
@Injectable()
export class SessionRecovery {
  /** Of sessions that are not heard again yet. */
  readonly #gaps = new Map<string, RestartGap>();

  constructor(
    private readonly sessions: SessionsService,
    private readonly store: SessionStore,
    private readonly keeper: SessionPersistence,
    private readonly journal: MessageJournal,
    private readonly events: EventBus,
    private readonly states: SessionStates,
  ) {
    sessions.beforeEnd(({ id }) => this.#gaps.get(id)?.close());
  }

  /** To be called when every module listens, and before new sessions begin. */
  async recoverSessions(): Promise<void> {
    for (const record of await this.store.unfinished()) {
      if (record.status === 'created') this.sessions.restore(record);
      else this.#resume(record, await this.journal.resume(record.id));
    }
    for (const record of await this.store.lastEnded(ENDED_SHOWN)) this.sessions.restore(record);
  }

  #resume(record: SessionRecord, left: RecoveredMessages): void {
    // The words that were on their way at its end are lost, so it ends once more, from being live.
    const session = this.sessions.restore({ ...record, status: left.ended ? 'ended' : 'live' });
    this.keeper.save(session);
    if (left.ended) return;
    this.sessions.resume(session, { lastUtterance: left.lastUtterance });
    this.#miss(session, (endUnixMs) => gap(record, left.lastWordsMs, endUnixMs));
    if (record.status === 'ending') this.sessions.end(session, record.endReason ?? 'shutdown');
    else void this.#follow(session);
  }

  /** Until it is heard again it is not noted as heard, so that after one more crash the gap still begins where it did. */
  #miss(session: Session, gapUntil: (endUnixMs: number) => TranscriptionStatusChanged): void {
    this.keeper.setTranscribed(session, false);
    const gap = new RestartGap(session, this.states, (endUnixMs) => {
      this.#gaps.delete(session.id);
      this.keeper.setTranscribed(session, true);
      this.events.publish(gapUntil(endUnixMs));
    });
    this.#gaps.set(session.id, gap);
  }

  async #follow(session: Session): Promise<void> {
    this.sessions.startSync(session);
    await this.sessions.syncRoster(session);
    await this.#gaps.get(session.id)?.whenReceiving();
  }
}

/** From the last that is certainly in words until something was heard again. */
function gap({ id, liveAtMs = 0, aliveAtMs = liveAtMs }: SessionRecord, lastWordsMs: number, endUnixMs: number) {
  const endMs = Math.max(0, endUnixMs - liveAtMs);
  const startMs = Math.min(endMs, Math.max(lastWordsMs, aliveAtMs - liveAtMs - UNTRANSCRIBED_MS, 0));
  return new TranscriptionStatusChanged(id, 'gap', INTERRUPTED, { startMs, endMs });
}
