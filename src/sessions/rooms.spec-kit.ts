import { Rooms, type OpenRoom, type RoomParticipant } from './rooms.js';

/** Rooms that a test opens, fills and closes by hand. */
export class ScriptedRooms extends Rooms {
  readonly people = new Map<string, RoomParticipant[]>();
  readonly #open = new Map<string, OpenRoom>();
  /** LiveKit's API does not answer. */
  down = false;
  asked = 0;
  #lives = 0;

  override open(names?: readonly string[]): Promise<OpenRoom[]> {
    return this.#answer([...this.#open.values()].filter(({ name }) => names?.includes(name) ?? true));
  }

  override participants(room: string): Promise<RoomParticipant[]> {
    return this.#answer(this.people.get(room) ?? []);
  }

  /** A room opens, as a new life of that name. */
  begin(name: string, ...people: RoomParticipant[]): OpenRoom {
    const room = { name, sid: `RM_${(this.#lives += 1)}`, createdAtMs: Date.now() };
    this.#open.set(name, room);
    this.people.set(name, people);
    return room;
  }

  /** A room that lists lacked is listed again. */
  resume(room: OpenRoom, ...people: RoomParticipant[]): void {
    this.#open.set(room.name, room);
    this.people.set(room.name, people);
  }

  finish(name: string): void {
    this.#open.delete(name);
    this.people.delete(name);
  }

  #answer<T>(answer: T): Promise<T> {
    this.asked += 1;
    return this.down ? Promise.reject(new Error('LiveKit is away')) : Promise.resolve(answer);
  }
}

export const person = (identity: string, fields: Partial<RoomParticipant> = {}): RoomParticipant => ({
  sid: `PA_${identity}`,
  identity,
  name: identity,
  kind: 'standard',
  audioTracks: [{ sid: `TR_${identity}`, source: 'microphone', muted: false }],
  ...fields,
});
