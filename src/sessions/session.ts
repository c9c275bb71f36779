import type { SessionStatus } from './session-directory.port.js';
import type { Roster } from './roster.js';
import type { EndReason, SessionRecord } from './session-record.js';

/** The states of one session: created, live, ending while the last words are on their way, ended. It never goes back. */
export class Session {
  #record: SessionRecord;

  /** @param record of a new session, or of one that an earlier run left in whatever state */
  constructor(
    record: SessionRecord,
    readonly roster: Roster,
  ) {
    this.#record = record;
  }

  get id(): string {
    return this.#record.id;
  }

  get room(): string {
    return this.#record.room;
  }

  get status(): SessionStatus {
    return this.#record.status;
  }

  get options(): SessionRecord['options'] {
    return this.#record.options;
  }

  /** How its sound comes in. */
  get source(): SessionRecord['source'] {
    return this.#record.source;
  }

  /** The life of the room that it belongs to; undefined while the room was never seen. */
  get roomSid(): string | undefined {
    return this.#record.roomSid;
  }

  /** All that is kept of it. */
  get record(): SessionRecord {
    return this.#record;
  }

  /** Whether it may still be put live or ended: a room has one such session at most. */
  get active(): boolean {
    return this.status === 'created' || this.status === 'live';
  }

  bindToRoom(roomSid: string): void {
    this.#record = { ...this.#record, roomSid };
  }

  /** True when this call put it live. */
  goLive(nowMs: number): boolean {
    return this.#step('created', { status: 'live', liveAtMs: nowMs });
  }

  /** True when this call began its end. One that never was live has nothing to drain and is over at once. */
  beginEnd(endReason: EndReason, nowMs: number): boolean {
    this.#step('created', { status: 'ended', endReason, endedAtMs: nowMs });
    return this.#step('live', { status: 'ending', endReason, endedAtMs: nowMs });
  }

  finish(): void {
    this.#step('ending', { status: 'ended' });
  }

  #step(from: SessionStatus, to: Partial<SessionRecord>): boolean {
    if (this.status !== from) return false;
    this.#record = { ...this.#record, ...to };
    return true;
  }
}
