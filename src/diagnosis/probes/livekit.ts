import { DataPacket_Kind, ServerError, type EgressClient, type RoomServiceClient } from 'livekit-server-sdk';
import type { LiveKitConfig } from '../../config/namespaces.js';
import { DOCTOR_ROOM_PREFIX } from '../../livekit/doctor-rooms.js';
import { egressClient, roomServiceClient } from '../../livekit/livekit-clients.js';
import { networkFault, type Fault } from './network-fault.js';

/** How LiveKit's server API answered a call. */
export type LiveKitReply<T = unknown> =
  | { readonly kind: 'ok'; readonly value: T }
  /** `message` is for deciding only and is never shown: LiveKit quotes tokens in it. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string; readonly clockAheadMs?: number }
  /** A success, whose body is not what LiveKit writes. */
  | { readonly kind: 'unreadable' }
  | ({ readonly kind: 'fault' } & Fault);

/** No track has this SID: an egress that takes the job looks for it in vain, and is stopped. */
const NO_TRACK = 'TR_roomscribeDoctor';
const EMPTY_ROOM_LASTS_S = 60;
const LIST_ROOMS = '/twirp/livekit.RoomService/ListRooms';

/** Asks LiveKit's server API by the clients that the service itself uses. Nothing here rejects. */
export class LiveKitProbe {
  readonly #rooms: RoomServiceClient;
  readonly #egress: EgressClient;
  readonly #timeoutMs: number;
  readonly #url: URL;
  #listed: Promise<LiveKitReply> | undefined;

  constructor(config: LiveKitConfig, timeoutMs: number) {
    const options = { requestTimeout: timeoutMs / 1000, failover: false };
    this.#rooms = roomServiceClient(config, options);
    this.#egress = egressClient(config, options);
    this.#timeoutMs = timeoutMs;
    this.#url = new URL(LIST_ROOMS, config.httpUrl);
  }

  /** The answer to the least that can be asked with our key. Several checks need it, so it is asked once. */
  listRooms(): Promise<LiveKitReply> {
    this.#listed ??= this.#listRooms();
    return this.#listed;
  }

  listEgresses(): Promise<LiveKitReply> {
    return replyTo(this.#egress.listEgress({ active: true }));
  }

  /** Sends a packet that says nothing. @param room need not exist: LiveKit looks at the grant first */
  sendData(room: string, topic: string): Promise<LiveKitReply> {
    const options = { topic: `${topic}-probe` };
    return replyTo(this.#rooms.sendData(room, Buffer.from('{}'), DataPacket_Kind.RELIABLE, options));
  }

  /** Works in a room of this name, which is made and deleted where there is none. Undefined where it cannot be made. */
  async inRoom<T>(name: string, work: (room: ProbeRoom) => Promise<T>): Promise<T | undefined> {
    const listed = await replyTo(this.#rooms.listRooms([name]));
    if (listed.kind !== 'ok') return undefined;
    const isOurs = listed.value.length === 0;
    if (isOurs) {
      const made = await replyTo(this.#rooms.createRoom({ name, emptyTimeout: EMPTY_ROOM_LASTS_S }));
      if (made.kind !== 'ok') return undefined;
    }
    try {
      return await work({ name, isOurs });
    } finally {
      if (isOurs) await replyTo(this.#rooms.deleteRoom(name));
    }
  }

  /** Asks for one Track Egress to this address, and stops it whatever was answered. */
  async tryEgress({ name, isOurs }: ProbeRoom, websocketUrl: string): Promise<LiveKitReply> {
    const reply = await replyTo(this.#egress.startTrackEgress(name, websocketUrl, NO_TRACK));
    if (reply.kind === 'ok') await this.#stop(reply.value.egressId);
    // The answer was lost, so the egress may run all the same.
    else if (reply.kind === 'fault' && isOurs) await this.#stopAll(name);
    return reply;
  }

  async #stopAll(roomName: string): Promise<void> {
    const listed = await replyTo(this.#egress.listEgress({ roomName }));
    if (listed.kind === 'ok') for (const { egressId } of listed.value) await this.#stop(egressId);
  }

  async #stop(egressId: string): Promise<void> {
    await replyTo(this.#egress.stopEgress(egressId));
  }

  /** The client follows redirects and shows no header, so a call that fails is looked at once more. */
  async #listRooms(): Promise<LiveKitReply> {
    const reply = await replyTo(this.#rooms.listRooms([DOCTOR_ROOM_PREFIX]));
    if (reply.kind === 'ok' || (reply.kind === 'fault' && reply.code !== 'unknown')) return reply;
    const seen = await this.#look();
    if (seen === undefined) return reply;
    const { status, clockAheadMs } = seen;
    if (status >= 300 && status < 400) return { kind: 'refused', status, message: '' };
    return reply.kind === 'refused' && clockAheadMs !== undefined ? { ...reply, clockAheadMs } : reply;
  }

  /** The status, and how far LiveKit's clock is ahead of ours, within a second or two. */
  async #look(): Promise<{ readonly status: number; readonly clockAheadMs: number | undefined } | undefined> {
    try {
      const signal = AbortSignal.timeout(this.#timeoutMs);
      const { status, headers } = await fetch(this.#url, { redirect: 'manual', signal });
      const serverMs = Date.parse(headers.get('date') ?? '');
      return { status, clockAheadMs: Number.isNaN(serverMs) ? undefined : serverMs - Date.now() };
    } catch {
      return undefined;
    }
  }
}

export interface ProbeRoom {
  readonly name: string;
  /** Whether it was made for the probe. */
  readonly isOurs: boolean;
}

/** What `fetch` rejects with; whatever else is thrown is about the body. */
const NETWORK_ERRORS = new Set(['TypeError', 'TimeoutError', 'AbortError']);

async function replyTo<T>(call: Promise<T>): Promise<LiveKitReply<T>> {
  try {
    return { kind: 'ok', value: await call };
  } catch (error) {
    if (error instanceof ServerError) return { kind: 'refused', status: error.status, message: error.message };
    const isOfNetwork = NETWORK_ERRORS.has((error as Error).name);
    return isOfNetwork ? { kind: 'fault', ...networkFault(error) } : { kind: 'unreadable' };
  }
}
