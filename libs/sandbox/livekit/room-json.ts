const AUDIO_CODECS = ['audio/PCMU', 'audio/PCMA', 'audio/opus', 'audio/red'];
const VIDEO_CODECS = ['video/VP8', 'video/H264', 'video/VP9', 'video/AV1', 'video/H265', 'video/rtx'];

/** What LiveKit tells about a room. */
export interface RoomFacts {
  readonly sid: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly emptyTimeoutMs: number;
  readonly departureTimeoutMs: number;
  readonly metadata: string;
  readonly numParticipants: number;
  readonly numPublishers: number;
  readonly activeRecording: boolean;
}

/** A `livekit.Room` in protobuf JSON, defaults left out. */
export function roomJson(room: RoomFacts): object {
  return {
    sid: room.sid,
    name: room.name,
    emptyTimeout: Math.ceil(room.emptyTimeoutMs / 1000),
    departureTimeout: Math.ceil(room.departureTimeoutMs / 1000),
    creationTime: String(Math.floor(room.createdAtMs / 1000)),
    creationTimeMs: String(room.createdAtMs),
    turnPassword: 'sandbox',
    enabledCodecs: [...AUDIO_CODECS, ...VIDEO_CODECS].map((mime) => ({ mime })),
    ...(room.metadata !== '' && { metadata: room.metadata }),
    ...(room.numParticipants > 0 && { numParticipants: room.numParticipants }),
    ...(room.numPublishers > 0 && { numPublishers: room.numPublishers }),
    ...(room.activeRecording && { activeRecording: true }),
  };
}
