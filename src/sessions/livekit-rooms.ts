import { Injectable } from '@nestjs/common';
import {
  DisconnectReason,
  Encryption_Type,
  ParticipantInfo_Kind,
  ParticipantInfo_State,
  TrackSource as LiveKitSource,
  TrackType,
} from '@livekit/protocol';
import { RoomServiceClient, type WebhookEvent } from 'livekit-server-sdk';
import { cleanText } from '../../libs/protocol/text.js';
import { ApiBudget } from '../livekit/api-budget.js';
import { RoomServiceClients } from '../livekit/room-service-clients.js';
import type { TrackKind } from '../media/track-kind.js';
import type { RoomChange } from './room-view.js';
import { Rooms, type OpenRoom, type ParticipantKind, type RoomParticipant, type RoomTrack } from './rooms.js';

const KINDS: Partial<Record<ParticipantInfo_Kind, ParticipantKind>> = {
  [ParticipantInfo_Kind.STANDARD]: 'standard',
  [ParticipantInfo_Kind.SIP]: 'sip',
  [ParticipantInfo_Kind.INGRESS]: 'ingress',
  [ParticipantInfo_Kind.EGRESS]: 'egress',
  [ParticipantInfo_Kind.AGENT]: 'agent',
  [ParticipantInfo_Kind.CONNECTOR]: 'connector',
  [ParticipantInfo_Kind.BRIDGE]: 'bridge',
};

const SOURCES: Partial<Record<LiveKitSource, TrackKind>> = {
  [LiveKitSource.MICROPHONE]: 'microphone',
  [LiveKitSource.SCREEN_SHARE_AUDIO]: 'screen_share_audio',
  [LiveKitSource.UNKNOWN]: 'unknown',
};

const OPT_OUT = 'roomscribe.transcribe';

type ParticipantInfo = Awaited<ReturnType<RoomServiceClient['listParticipants']>>[number];

@Injectable()
export class LiveKitRooms extends Rooms {
  constructor(
    private readonly server: RoomServiceClient,
    private readonly clients: RoomServiceClients,
    private readonly budget: ApiBudget,
  ) {
    super();
  }

  override async open(names?: readonly string[]): Promise<OpenRoom[]> {
    await this.budget.ready();
    const rooms = await this.server.listRooms(names && [...names]);
    return rooms.map(({ name, sid, creationTime, creationTimeMs }) => ({
      name,
      sid,
      createdAtMs: creationTimeMs === 0n ? Number(creationTime) * 1000 : Number(creationTimeMs),
    }));
  }

  override async participants(room: string): Promise<RoomParticipant[]> {
    await this.budget.ready();
    const client = await this.clients.clientFor(room);
    const participants = await client.listParticipants(room);
    return participants.filter(isPresent).map(roomParticipant);
  }
}

/** Who is JOINING is not in the room yet, and may never be. */
const isPresent = ({ state }: ParticipantInfo): boolean =>
  state === ParticipantInfo_State.JOINED || state === ParticipantInfo_State.ACTIVE;

/** What a webhook says of a room; undefined where it says nothing that is of use here. */
export function roomChange({ event, participant, track }: WebhookEvent): RoomChange | undefined {
  if (event === 'room_finished') return { kind: 'finished' };
  if (participant === undefined) return undefined;
  if (event === 'participant_joined') return { kind: 'joined', participant: roomParticipant(participant) };
  if (event === 'participant_left' || event === 'participant_connection_aborted') {
    const removed = participant.disconnectReason === DisconnectReason.PARTICIPANT_REMOVED;
    return { kind: 'left', participantSid: participant.sid, ...(removed && { removed: participant.identity }) };
  }
  if (track?.type !== TrackType.AUDIO) return undefined;
  if (event === 'track_unpublished') return { kind: 'unpublished', trackSid: track.sid };
  if (event !== 'track_published') return undefined;
  return { kind: 'published', participantSid: participant.sid, track: roomTrack(track) };
}

function roomParticipant(info: ParticipantInfo): RoomParticipant {
  return {
    sid: info.sid,
    identity: info.identity,
    name: cleanText(info.name) || cleanText(info.identity),
    kind: KINDS[info.kind] ?? 'other',
    ...(info.attributes[OPT_OUT] === 'off' && { optedOut: true }),
    ...(info.permission?.hidden === true && { hidden: true }),
    audioTracks: info.tracks.filter(({ type }) => type === TrackType.AUDIO).map(roomTrack),
  };
}

function roomTrack(info: ParticipantInfo['tracks'][number]): RoomTrack {
  const { sid, source, muted, encryption, version } = info;
  const encrypted = encryption !== Encryption_Type.NONE;
  const versionUnixMs = version && Number(version.unixMicro / 1_000n);
  return {
    ...{ sid, source: SOURCES[source] ?? 'other', muted },
    ...(encrypted && { encrypted }),
    ...(versionUnixMs && { versionUnixMs }),
  };
}
