import { z } from 'zod';
import { isAnswer, type Answer } from './ask.js';
import type { LiveKitCalls } from './livekit-calls.js';
import type { Fault } from './network-fault.js';
import { parsed } from './parsed.js';

/** No track has this SID: an Egress that takes the job looks for it in vain, and is stopped. */
const NO_TRACK = 'TR_roomscribeDoctor';
const EMPTY_ROOM_LASTS_S = 60;

const roomsSchema = z.object({ rooms: z.array(z.unknown()).default([]) });
const startedSchema = z
  .object({ egressId: z.string().optional(), egress_id: z.string().optional() })
  .transform(({ egressId, egress_id }) => egressId ?? egress_id);
const listSchema = z.object({ items: z.array(startedSchema).default([]) });

/** A room in which something may be tried out. What was begun in it is ended, and the room too if it was made for that. */
export class ProbeRoom {
  private constructor(
    private readonly livekit: LiveKitCalls,
    readonly name: string,
    private readonly isOurs: boolean,
  ) {}

  /** Undefined when LiveKit does not let us make it. */
  static async open(livekit: LiveKitCalls, name: string): Promise<ProbeRoom | undefined> {
    const list = await livekit.call('RoomService', 'ListRooms', { roomList: true }, { names: [name] });
    if (!isAnswer(list) || list.status !== 200) return undefined;
    const exists = parsed(roomsSchema, list.body)?.rooms.length === 1;
    if (exists) return new ProbeRoom(livekit, name, false);
    const request = { name, emptyTimeout: EMPTY_ROOM_LASTS_S };
    const made = await livekit.call('RoomService', 'CreateRoom', { roomCreate: true }, request);
    return isAnswer(made) && made.status === 200 ? new ProbeRoom(livekit, name, true) : undefined;
  }

  /** Asks for one Track Egress to this address, and ends it whatever was answered. Resolves with the answer to the start. */
  async tryEgress(websocketUrl: string): Promise<Answer | Fault> {
    const request = { roomName: this.name, trackId: NO_TRACK, websocketUrl };
    const reply = await this.livekit.call('Egress', 'StartTrackEgress', { roomRecord: true }, request);
    const id = isAnswer(reply) && reply.status === 200 ? parsed(startedSchema, reply.body) : undefined;
    if (id !== undefined) await this.#stop(id);
    else if (this.isOurs && !isAnswer(reply)) await this.#stopAll();
    return reply;
  }

  /** A data packet to everybody in the room. */
  async trySendData(topic: string): Promise<Answer | Fault> {
    return sendProbe(this.livekit, this.name, topic);
  }

  async close(): Promise<void> {
    if (this.isOurs) await this.livekit.call('RoomService', 'DeleteRoom', { roomCreate: true }, { room: this.name });
  }

  /** The answer to a start was lost, so it may run all the same. */
  async #stopAll(): Promise<void> {
    const list = await this.livekit.call('Egress', 'ListEgress', { roomRecord: true }, { roomName: this.name });
    const items = isAnswer(list) ? (parsed(listSchema, list.body)?.items ?? []) : [];
    for (const id of items) if (id !== undefined) await this.#stop(id);
  }

  async #stop(egressId: string): Promise<void> {
    await this.livekit.call('Egress', 'StopEgress', { roomRecord: true }, { egressId });
  }
}

/** Sends a packet that says nothing. @param room need not exist: whether it may be sent is decided first */
export async function sendProbe(livekit: LiveKitCalls, room: string, topic: string): Promise<Answer | Fault> {
  const data = Buffer.from('{}').toString('base64');
  const body = { room, topic: `${topic}-probe`, kind: 'RELIABLE', data };
  return livekit.call('RoomService', 'SendData', { roomAdmin: true, room }, body);
}
