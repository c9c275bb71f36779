import type { Answer } from './livekit-server.js';
import { USUAL_ANSWERS } from './player.js';
import type { Input, Json, JsonObject } from './recording.js';
import { ROOM, START_UNIX_MS } from './world.js';

const ANSWER_MS = 10;
const DIAL_MS = 200;
const STOP_MS = 150;
const REPORT_MS = 300;
const ROOM_SID = 'RM_replay';

export interface Person {
  readonly identity: string;
  readonly name: string;
  readonly kind?: string;
  sid: string;
  track?: { sid: string; muted: boolean };
}

interface Egress {
  readonly n: number;
  readonly id: string;
  readonly request: JsonObject;
  readonly tracks: string;
  status: string;
}

/** What becomes of the next start calls, in order. */
export type StartFault = { readonly status: number; readonly code?: string } | 'answer-lost' | 'never-dials';

/** LiveKit as a recording is made: who is in the room, which egresses run, and what goes wrong with them. */
export class RoomModel {
  readonly people = new Map<string, Person>();
  readonly startFaults: StartFault[] = [];
  /** What every call is answered with instead. */
  fault: { readonly status: number; readonly only?: readonly string[] } | undefined;
  readonly #egresses: Egress[] = [];
  #stays = 0;

  /** @param later lets something happen so many ms from now */
  constructor(
    private readonly later: (ms: number, input: Input) => void,
    private readonly nowMs: () => number,
  ) {}

  answer(call: string, args: JsonObject, start: number | undefined): Answer {
    if (this.fault !== undefined && (this.fault.only?.includes(call) ?? true)) {
      return error(this.fault.status, this.fault.status === 0 ? '' : 'unavailable');
    }
    switch (call) {
      case 'ListRooms':
        return ok({ rooms: this.people.size === 0 ? [] : [this.room()] });
      case 'ListParticipants':
        return ok({ participants: [...this.people.values()].map(participant) });
      case 'StartTrackEgress':
      case 'StartEgress':
        return this.#start(args, start ?? 0);
      case 'StopEgress':
        return this.#stop(args['egressId'] as string);
      case 'ListEgress':
        return ok({ items: this.#egresses.filter(isActive).map(infoOf) });
      default:
        return USUAL_ANSWERS[call] ?? ok({});
    }
  }

  room(): JsonObject {
    return {
      sid: ROOM_SID,
      name: ROOM,
      creationTime: String(START_UNIX_MS / 1000),
      creationTimeMs: String(START_UNIX_MS),
    };
  }

  join(identity: string, name = identity, kind?: string): Person {
    this.#stays += 1;
    const person: Person = { identity, name, sid: `PA_${identity}_${this.#stays}`, ...(kind && { kind }) };
    this.people.set(identity, person);
    return person;
  }

  publish(person: Person): string {
    this.#stays += 1;
    const sid = `TR_${person.identity}_${this.#stays}`;
    person.track = { sid, muted: false };
    return sid;
  }

  webhook(event: string, person?: Person, track?: string): JsonObject {
    return {
      event,
      id: `EV_${event}_${this.nowMs()}_${person?.identity ?? ''}`,
      createdAt: String(Math.floor((START_UNIX_MS + this.nowMs()) / 1000)),
      room: this.room(),
      ...(person && { participant: { sid: person.sid, identity: person.identity, name: person.name } }),
      ...(track !== undefined && { track: { sid: track, source: 'MICROPHONE' } }),
    };
  }

  /** Egresses that stream or are about to. */
  running(track?: string): number[] {
    return this.#egresses.filter((egress) => isActive(egress) && egress.tracks.includes(track ?? '')).map(({ n }) => n);
  }

  /** The egress of the nth start call ends by itself. */
  end(n: number, status: string, how: number | 'reset' | undefined, reportMs = REPORT_MS): void {
    const egress = this.#egresses.find((each) => each.n === n);
    if (egress === undefined || !isActive(egress)) return;
    egress.status = status;
    if (how !== undefined) this.later(0, { do: 'hang-up', egress: n, with: how });
    this.later(reportMs, { do: 'webhook', event: this.#ended(egress) });
  }

  #start(args: JsonObject, n: number): Answer {
    const fault = this.startFaults.shift();
    if (typeof fault === 'object') return error(fault.status, fault.code ?? 'unavailable');
    const egress = { n, id: `EG_${n}`, request: args, tracks: JSON.stringify(args), status: 'EGRESS_ACTIVE' };
    this.#egresses.push(egress);
    if (fault !== 'never-dials') this.later(DIAL_MS, { do: 'dial', egress: n });
    return fault === 'answer-lost' ? error(0, '') : ok({ ...infoOf(egress), status: 'EGRESS_STARTING' });
  }

  #stop(id: string): Answer {
    const egress = this.#egresses.find((each) => each.id === id);
    if (egress === undefined) return error(404, 'not_found');
    if (!isActive(egress)) return error(412, 'failed_precondition');
    egress.status = 'EGRESS_COMPLETE';
    this.later(STOP_MS, { do: 'hang-up', egress: egress.n, with: 1005 });
    this.later(STOP_MS + REPORT_MS, { do: 'webhook', event: this.#ended(egress) });
    return ok({ ...infoOf(egress), status: 'EGRESS_ENDING' });
  }

  #ended(egress: Egress): JsonObject {
    return { ...this.webhook('egress_ended'), id: `EV_egress_ended_${egress.n}`, egressInfo: infoOf(egress) };
  }
}

const isActive = ({ status }: Egress): boolean => status === 'EGRESS_ACTIVE';

const ok = (body: Json): Answer => ({ status: 200, body, afterMs: ANSWER_MS });
const error = (status: number, code: string): Answer => ({ status, body: { code, msg: code }, afterMs: ANSWER_MS });

function infoOf({ id, n, request, status }: Egress): JsonObject {
  const isTrack = 'trackId' in request;
  const info = { egressId: id, roomId: ROOM_SID, roomName: ROOM, status, startedAt: `${START_UNIX_MS}000000` };
  return { ...info, [isTrack ? 'track' : 'egress']: request, streamResults: [{ url: `{address ${n}}` }] };
}

const participant = ({ sid, identity, name, kind, track }: Person): JsonObject => ({
  ...{ sid, identity, name, state: 'ACTIVE', joinedAt: String(START_UNIX_MS / 1000) },
  ...(kind !== undefined && { kind }),
  ...(track && { tracks: [{ sid: track.sid, source: 'MICROPHONE', ...(track.muted && { muted: true }) }] }),
});
