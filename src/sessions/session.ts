import type { SpeechOptions } from '../config/speech-options.js';
import type { SessionEnded } from '../events/domain-events.js';
import type { AudioSourceChoice } from '../media/audio-source.js';
import type { SessionStatus } from './session-directory.port.js';
import type { Attendance } from './attendance.js';
import type { Roster } from './roster.js';

export type EndReason = SessionEnded['reason'];

/** A session as the database stores it. Times are Unix milliseconds. */
export interface SessionRecord {
  readonly id: string;
  readonly room: string;
  /** LiveKit's SID of the room; a room that opens again has another one. Undefined before the room was seen. */
  readonly roomSid?: string | undefined;
  readonly status: SessionStatus;
  readonly options: SpeechOptions;
  readonly source: AudioSourceChoice;
  readonly createdAtMs: number;
  /** Session time 0. */
  readonly liveAtMs?: number | undefined;
  /** The last moment at which all speech so far was transcribed: a restart gap begins here. */
  readonly aliveAtMs?: number | undefined;
  readonly endedAtMs?: number | undefined;
  readonly endReason?: EndReason | undefined;
}

/** One session and its status: created, live, ending (the last words are being transcribed), ended. It only moves forward. */
export class Session {
  #record: SessionRecord;

  /** @param record of a new session, or of one that an earlier process left in any status */
  constructor(
    record: SessionRecord,
    readonly roster: Roster,
    readonly attendance: Attendance,
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

  get liveAtUnixMs(): number | undefined {
    return this.#record.liveAtMs;
  }

  get endedAtUnixMs(): number | undefined {
    return this.#record.endedAtMs;
  }

  /** How its audio is received. */
  get source(): SessionRecord['source'] {
    return this.#record.source;
  }

  /** LiveKit's SID of its room; undefined before the room was seen. */
  get roomSid(): string | undefined {
    return this.#record.roomSid;
  }

  get record(): SessionRecord {
    return this.#record;
  }

  /** Whether it is created or live: a room has at most one such session. */
  get active(): boolean {
    return this.status === 'created' || this.status === 'live';
  }

  bindToRoom(roomSid: string): void {
    this.#record = { ...this.#record, roomSid };
  }

  /** Returns whether this call changed the status. */
  goLive(nowMs: number): boolean {
    return this.#transition('created', { status: 'live', liveAtMs: nowMs });
  }

  /** Returns whether the session has to drain. One that was never live has nothing to drain and has ended at once. */
  beginEnd(endReason: EndReason, nowMs: number): boolean {
    this.#transition('created', { status: 'ended', endReason, endedAtMs: nowMs });
    return this.#transition('live', { status: 'ending', endReason, endedAtMs: nowMs });
  }

  finish(): void {
    this.#transition('ending', { status: 'ended' });
  }

  #transition(from: SessionStatus, to: Partial<SessionRecord>): boolean {
    if (this.status !== from) return false;
    this.#record = { ...this.#record, ...to };
    return true;
  }
}
