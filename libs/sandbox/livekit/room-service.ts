import { z } from 'zod';
import { requireGrant, requireRoomAdmin } from './bearer-auth.js';
import { participantJson } from './participant-json.js';
import type { SandboxRooms } from './sandbox-rooms.js';
import { serverError, TwirpError } from './twirp-error.js';
import type { TwirpService } from './twirp-router.js';

/** What a reliable data packet may carry. The real API takes more and leaves the rest to the data channel. */
const MAX_DATA_BYTES = 15 * 1024;
const NONCE_BYTES = 16;

const listRooms = z.object({ names: z.array(z.string()).default([]) });
const createRoom = z.object({
  name: z.string(),
  emptyTimeout: z.number().default(0),
  departureTimeout: z.number().default(0),
  metadata: z.string().default(''),
});
const inRoom = z.object({ room: z.string().default('') });
const ofParticipant = z.object({ room: z.string().default(''), identity: z.string().default('') });
const sendData = z.object({
  room: z.string().default(''),
  data: z.base64().default(''),
  kind: z.enum(['RELIABLE', 'LOSSY']).default('RELIABLE'),
  topic: z.string().optional(),
  destinationIdentities: z.array(z.string()).default([]),
  nonce: z.base64().default(''),
});

/** LiveKit's RoomService, as far as a back end needs it. */
export function roomService(rooms: SandboxRooms): TwirpService {
  return {
    ListRooms(body, grants) {
      requireGrant(grants.roomList);
      const { names } = listRooms.parse(body);
      const listed = rooms.open().filter((room) => names.length === 0 || names.includes(room.name));
      return { rooms: listed.map((room) => room.toJson()) };
    },
    CreateRoom(body, grants) {
      requireGrant(grants.roomCreate);
      const request = createRoom.parse(body);
      const room = rooms.room(request.name);
      room.open(timeoutsOf(request));
      return room.toJson();
    },
    DeleteRoom(body, grants) {
      requireGrant(grants.roomCreate);
      const room = rooms.find(inRoom.parse(body).room);
      if (room === undefined) throw serverError('not_found', 'requested room does not exist');
      room.close();
      return {};
    },
    ListParticipants(body, grants) {
      const { room } = inRoom.parse(body);
      requireRoomAdmin(grants, room);
      const present = rooms.find(room)?.participants.values() ?? [];
      return { participants: [...present].map(participantJson) };
    },
    GetParticipant(body, grants) {
      const { room, identity } = ofParticipant.parse(body);
      requireRoomAdmin(grants, room);
      return participantJson(participantIn(rooms, room, identity));
    },
    RemoveParticipant(body, grants) {
      const { room, identity } = ofParticipant.parse(body);
      requireRoomAdmin(grants, room);
      participantIn(rooms, room, identity);
      rooms.find(room)?.remove(identity);
      return {};
    },
    SendData(body, grants) {
      const request = sendData.parse(body);
      requireRoomAdmin(grants, request.room);
      send(rooms, request);
      return {};
    },
  };
}

function timeoutsOf(request: z.infer<typeof createRoom>): object {
  return {
    metadata: request.metadata,
    ...(request.emptyTimeout > 0 && { emptyTimeoutMs: request.emptyTimeout * 1000 }),
    ...(request.departureTimeout > 0 && { departureTimeoutMs: request.departureTimeout * 1000 }),
  };
}

function participantIn(rooms: SandboxRooms, room: string, identity: string) {
  const participant = rooms.find(room)?.participants.get(identity);
  if (participant === undefined) throw serverError('not_found', 'participant does not exist');
  return participant;
}

function send(rooms: SandboxRooms, request: z.infer<typeof sendData>): void {
  const payload = new Uint8Array(Buffer.from(request.data, 'base64'));
  const nonce = Buffer.from(request.nonce, 'base64');
  if (nonce.length !== 0 && nonce.length !== NONCE_BYTES) {
    const text = `nonce should be 16-bytes or not present, got: ${nonce.length} bytes`;
    throw new TwirpError('invalid_argument', text);
  }
  if (payload.length > MAX_DATA_BYTES) {
    throw new TwirpError('invalid_argument', `data should be at most ${MAX_DATA_BYTES} bytes, got: ${payload.length}`);
  }
  const room = rooms.find(request.room);
  if (room === undefined) throw serverError('unavailable', 'no response from servers');
  const packet = { payload, topic: request.topic, kind: request.kind, receivedAtMs: Date.now() };
  room.deliver(packet, request.destinationIdentities, request.nonce);
}
