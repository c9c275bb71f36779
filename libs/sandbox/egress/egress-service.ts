import { setTimeout as wait } from 'node:timers/promises';
import { LostAnswer, serverError, TwirpError } from '../livekit/twirp-error.js';
import { EgressFaults } from './egress-faults.js';
import { EgressJob } from './egress-job.js';
import { EgressRecord } from './egress-record.js';
import type { EgressRequest } from './egress-request.js';
import type { EgressRooms } from './egress-rooms.js';
import type { EgressSettings } from './egress-settings.js';

export type EgressReport = (event: 'egress_started' | 'egress_updated' | 'egress_ended', info: object) => void;

export interface EgressFilter {
  readonly roomName?: string | undefined;
  readonly egressId?: string | undefined;
  readonly active?: boolean | undefined;
}

/** The Egress of a server: starts, stops and lists. */
export class EgressService {
  readonly faults = new EgressFaults();
  readonly #records = new Map<string, EgressRecord>();
  /** Those that run. */
  readonly #jobs = new Map<string, EgressJob>();

  constructor(
    private readonly rooms: EgressRooms,
    private readonly settings: EgressSettings,
    private readonly report: EgressReport,
  ) {}

  /** Answers with the info of an egress that is starting. */
  async start(request: EgressRequest): Promise<object> {
    const sid = await this.rooms.sidOf(request.roomName);
    if (sid === undefined) throw serverError('not_found', 'requested room does not exist');
    await wait(this.settings.answerMs);
    this.#refuseIfPlanned();
    const record = new EgressRecord(sid, request);
    const job = this.#jobOf(record);
    this.#records.set(record.egressId, record);
    this.#jobs.set(record.egressId, job);
    this.report('egress_started', record.toJson());
    const answer = record.toJson();
    void job.start();
    if (this.faults.take('lostAnswers')) throw new LostAnswer();
    return answer;
  }

  stop(egressId: string): object {
    const record = this.#records.get(egressId);
    if (record === undefined) throw serverError('not_found', 'egress does not exist');
    if (!record.running) {
      throw new TwirpError('failed_precondition', `egress with status ${record.status} cannot be stopped`);
    }
    this.#jobs.get(egressId)?.stop();
    return record.toJson();
  }

  list({ roomName, egressId, active }: EgressFilter): object[] {
    return [...this.#records.values()]
      .filter((record) => (roomName ?? record.request.roomName) === record.request.roomName)
      .filter((record) => (egressId ?? record.egressId) === record.egressId)
      .filter((record) => active !== true || record.running)
      .map((record) => record.toJson());
  }

  /** Those whose worker lives, whatever their records say. */
  running(): object[] {
    return [...this.#jobs.keys()].flatMap((egressId) => this.list({ egressId }));
  }

  /** Kills the worker of one egress, or of all: sockets drop, no webhook is sent, the info stays as it was. */
  async kill(egressId?: string): Promise<void> {
    const hit = this.#hit(egressId);
    for (const id of hit.keys()) this.#jobs.delete(id);
    await Promise.all([...hit.values()].map((job) => job.die()));
  }

  /** Ends one egress, or all, as Egress does after twelve hours: what is in the pipeline still comes. */
  reachLimit(egressId?: string): void {
    for (const job of this.#hit(egressId).values()) job.reachLimit();
  }

  /** One egress, or all, fail in the middle of the stream. */
  fail(egressId?: string): void {
    for (const job of this.#hit(egressId).values()) job.breakDown();
  }

  /** The network between the worker of one egress, or of all, and who listens is gone; LiveKit still reaches the worker. */
  vanish(egressId?: string): void {
    for (const job of this.#hit(egressId).values()) job.vanish();
  }

  /** Ends everything without a word. */
  close(): Promise<void> {
    return this.kill();
  }

  #hit(egressId?: string): Map<string, EgressJob> {
    return new Map([...this.#jobs].filter(([id]) => egressId === undefined || id === egressId));
  }

  #jobOf(record: EgressRecord): EgressJob {
    return new EgressJob({
      record,
      rooms: this.rooms,
      settings: this.settings,
      neverDials: this.faults.take('neverDialling'),
      report: (event) => {
        if (event === 'egress_ended') this.#jobs.delete(record.egressId);
        this.report(event, record.toJson());
      },
    });
  }

  #refuseIfPlanned(): void {
    if (this.faults.take('failingStarts')) throw serverError('internal', 'egress could not be started');
    if (this.faults.take('limitedStarts') || this.#jobs.size >= this.faults.accountSlots) {
      throw new TwirpError('resource_exhausted', 'egress limit reached');
    }
    if (this.faults.take('unavailableStarts') || this.#jobs.size >= this.settings.slots) {
      throw serverError('unavailable', 'no response from servers');
    }
  }
}
