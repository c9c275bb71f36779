import type { EngineSandbox } from './engine-sandbox.js';
import type { Caller, Input, Json } from './recording.js';
import type { Person, RoomModel } from './room-model.js';
import { lengthMsOf } from './room-sound.js';
import type { World } from './world.js';

const LEAVE_REPORT_MS = 50;

/** How the webhooks about what happens next arrive. */
export type Delivery = 'normal' | 'lost' | 'twice' | 'late' | 'reversed';

interface Speech {
  readonly of: string;
  readonly fromMs: number;
  readonly gain: number;
}

const LATE_MS = 3_000;

/** What a scenario can let happen, at the moment at which it is called. */
export class Stage {
  delivery: Delivery = 'normal';
  readonly #speech = new Map<string, Speech>();

  constructor(
    private readonly world: World,
    readonly room: RoomModel,
    readonly engine: EngineSandbox,
  ) {}

  do(input: Input): void {
    this.world.apply(this.world.addresses.hide({ at: this.world.time.nowMs, ...input }));
  }

  later(ms: number, task: () => void): void {
    this.world.time.at(this.world.time.nowMs + ms, task);
  }

  join(identity: string, { name = identity, kind }: { name?: string; kind?: string } = {}): void {
    const person = this.room.join(identity, name, kind);
    const track = this.room.publish(person);
    this.#report(['participant_joined', person], ['track_published', person, track]);
  }

  leave(identity: string): void {
    const person = this.#person(identity);
    this.room.people.delete(identity);
    this.#endTrack(person);
    this.#report(['track_unpublished', person, person.track?.sid], ['participant_left', person]);
  }

  /** The same person, a new stay, while the talk goes on. */
  rejoin(identity: string): void {
    const { name } = this.#person(identity);
    this.leave(identity);
    this.later(LEAVE_REPORT_MS, () => {
      this.join(identity, { name });
      this.#talkOn(identity);
    });
  }

  republish(identity: string): void {
    const person = this.#person(identity);
    const former = person.track?.sid;
    this.#endTrack(person);
    const track = this.room.publish(person);
    this.#report(['track_unpublished', person, former], ['track_published', person, track]);
    this.#talkOn(identity);
  }

  rename(identity: string, name: string): void {
    const person = this.#person(identity);
    this.room.people.set(identity, { ...person, name });
    this.#report(['participant_joined', { ...person, name }]);
  }

  mute(identity: string, muted = true): void {
    const { track } = this.#person(identity);
    if (track === undefined) return;
    track.muted = muted;
    this.do({ do: 'mute', track: track.sid, muted });
  }

  /** @param of a bundled recording; the person of that name speaks it, if no other is given */
  say(of: string, identity = of.split('-')[0] ?? '', gain = 1): void {
    const track = this.room.people.get(identity)?.track?.sid;
    this.#speech.set(identity, { of, fromMs: this.world.time.nowMs, gain });
    if (track !== undefined) this.do({ do: 'talk', track, of, ...(gain !== 1 && { gain }) });
  }

  /** What befalls the egresses, or the one of a person. */
  egress(fate: 'dies' | 'fails' | 'reaches-limit' | 'is-stopped' | 'vanishes' | { holdMs: number }, of?: string): void {
    const track = of === undefined ? undefined : this.#person(of).track?.sid;
    for (const egress of this.room.running(track)) {
      if (typeof fate === 'object') this.do({ do: 'hold', egress, forMs: fate.holdMs });
      else if (fate === 'vanishes') this.do({ do: 'vanish', egress });
      else if (fate === 'dies') this.room.end(egress, 'EGRESS_ABORTED', 'reset', 1_000);
      else if (fate === 'fails') this.room.end(egress, 'EGRESS_FAILED', 1005);
      else if (fate === 'reaches-limit') this.room.end(egress, 'EGRESS_LIMIT_REACHED', 1005);
      else this.room.end(egress, 'EGRESS_COMPLETE', 1005);
    }
  }

  /** @param only the calls that fail; all if not given */
  livekitDown(forMs: number, status = 503, only?: readonly string[]): void {
    this.room.fault = { status, ...(only && { only }) };
    this.later(forMs, () => (this.room.fault = undefined));
  }

  engineCloses(how: number | 'reset' = 'reset'): void {
    for (const socket of this.world.gladia.open) this.do({ do: 'engine-closes', socket, with: how });
  }

  engineDies(): void {
    for (const socket of this.world.gladia.open) {
      this.do({ do: 'engine-dies', socket });
      this.engine.detach(socket);
    }
  }

  engineStopsReading(forMs: number): void {
    for (const socket of this.world.gladia.open) this.do({ do: 'engine-stops-reading', socket, forMs });
  }

  engineSays(message: Json): void {
    for (const socket of this.world.gladia.open) this.do({ do: 'engine-says', socket, message });
  }

  /** @param path with `{session}` for the session's id */
  rest(method: string, path: string, body?: Json, as?: Caller): void {
    this.do({ do: 'rest', method, path, ...(body !== undefined && { body }), ...(as && { as }) });
  }

  restart(afterMs = 1_000): void {
    this.do({ do: 'kill' });
    this.later(afterMs, () => this.do({ do: 'start' }));
    for (const egress of this.room.running()) this.room.end(egress, 'EGRESS_FAILED', undefined, afterMs + 2_000);
  }

  stall(forMs: number): void {
    this.do({ do: 'stall', forMs });
  }

  #report(...events: (readonly [event: string, person: Person, track?: string | undefined])[]): void {
    const { delivery } = this;
    if (delivery === 'lost') return;
    const inOrder = delivery === 'reversed' ? events.toReversed() : events;
    inOrder.forEach(([name, person, track], index) => {
      const event = this.room.webhook(name, person, track);
      const send = (): void => this.do({ do: 'webhook', event });
      this.later((delivery === 'late' ? LATE_MS : LEAVE_REPORT_MS) + index * 5, send);
      if (delivery === 'twice') this.later(2 * LEAVE_REPORT_MS + index * 5, send);
    });
  }

  #endTrack({ track }: Person): void {
    if (track !== undefined) for (const n of this.room.running(track.sid)) this.room.end(n, 'EGRESS_COMPLETE', 1005);
  }

  #talkOn(identity: string): void {
    const speech = this.#speech.get(identity);
    const track = this.room.people.get(identity)?.track?.sid;
    if (speech === undefined || track === undefined) return;
    const { of, gain } = speech;
    const fromMs = this.world.time.nowMs - speech.fromMs;
    if (fromMs < lengthMsOf(of)) this.do({ do: 'talk', track, of, fromMs, ...(gain !== 1 && { gain }) });
  }

  #person(identity: string): Person {
    const person = this.room.people.get(identity);
    if (person === undefined) throw new Error(`${identity} is not in the room`);
    return person;
  }
}
