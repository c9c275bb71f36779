import { participantJson, participantNameJson } from './participant-json.js';
import {
  type DataPacket,
  type JoinOptions,
  type ParticipantListener,
  SandboxParticipant,
} from './sandbox-participant.js';
import { type SandboxTrack, trackJson } from './sandbox-track.js';
import { newSid } from './sids.js';
import type { WebhookEventBody } from './webhook-sender.js';

export interface RoomSettings {
  /** How long a room outlives its last participant. */
  readonly departureTimeoutMs: number;
  /** How long a room waits for its first participant. */
  readonly emptyTimeoutMs: number;
  readonly metadata?: string;
}

/**
 * A scripted room. It opens when somebody joins (or by `open`), closes when the last person has left for
 * `departureTimeoutMs`, and may open again as a new session with a new sid.
 */
export class SandboxRoom {
  readonly participants = new Map<string, SandboxParticipant>();
  readonly #settings: RoomSettings;
  #session: Session | undefined;
  #overrides: Partial<RoomSettings> = {};
  #closeTimer: NodeJS.Timeout | undefined;

  constructor(
    readonly name: string,
    settings: RoomSettings,
    private readonly report: (event: WebhookEventBody) => void,
  ) {
    this.#settings = settings;
  }

  /** The running session's sid; undefined while the room is closed. */
  get sid(): string | undefined {
    return this.#session?.sid;
  }

  /** Opens the room without anybody in it; without effect when it is open. */
  open(overrides: Partial<RoomSettings> = {}): void {
    if (this.#session !== undefined) return;
    this.#overrides = overrides;
    this.#session = { sid: newSid('RM_'), createdAtMs: Date.now(), nonces: new NonceWindow() };
    this.report({ event: 'room_started', room: this.toJson() });
    this.#closeAfter(this.#effective().emptyTimeoutMs);
  }

  /** Somebody joins; who has the same identity already is put out. */
  join(options: JoinOptions): SandboxParticipant {
    this.open();
    this.remove(options.identity, 'DUPLICATE_IDENTITY');
    const participant = new SandboxParticipant(options, this.#listener);
    this.participants.set(participant.identity, participant);
    if (participant.kind !== 'egress') clearTimeout(this.#closeTimer);
    this.report({ event: 'participant_joined', room: this.toJson(), participant: participantJson(participant) });
    return participant;
  }

  /** Puts a participant out. */
  remove(identity: string, reason = 'PARTICIPANT_REMOVED'): void {
    const participant = this.participants.get(identity);
    if (participant === undefined) return;
    participant.leaveReason = reason;
    participant.leave();
  }

  /** Ends the session: everybody is put out. */
  close(): void {
    if (this.#session === undefined) return;
    for (const identity of [...this.participants.keys()]) this.remove(identity, 'ROOM_DELETED');
    clearTimeout(this.#closeTimer);
    this.report({ event: 'room_finished', room: this.toJson() });
    this.#session = undefined;
  }

  /** Hands a packet to who is in the room now; to some identities only, when any are given. */
  deliver(packet: DataPacket, to: readonly string[], nonce: string): void {
    if (nonce !== '' && this.#session?.nonces.admit(nonce) === false) return;
    for (const participant of this.participants.values()) {
      if (to.length === 0 || to.includes(participant.identity)) participant.deliver(packet);
    }
  }

  /** The people in the room: who is no egress. */
  people(): SandboxParticipant[] {
    return [...this.participants.values()].filter((participant) => participant.kind !== 'egress');
  }

  tracks(): SandboxTrack[] {
    return [...this.participants.values()].flatMap((participant) => [...participant.tracks.values()]);
  }

  toJson(): object {
    const people = this.people();
    return roomJson({
      sid: this.#session?.sid ?? '',
      name: this.name,
      createdAtMs: this.#session?.createdAtMs ?? 0,
      metadata: '',
      ...this.#effective(),
      numParticipants: people.length,
      numPublishers: people.filter((participant) => participant.isPublisher).length,
      activeRecording: people.length < this.participants.size,
    });
  }

  #effective(): RoomSettings {
    return { ...this.#settings, ...this.#overrides };
  }

  readonly #listener: ParticipantListener = {
    trackPublished: (participant, track) => this.#reportTrack('track_published', participant, track),
    trackUnpublished: (participant, track) => this.#reportTrack('track_unpublished', participant, track),
    left: (participant) => this.#onLeft(participant),
  };

  #reportTrack(
    event: 'track_published' | 'track_unpublished',
    participant: SandboxParticipant,
    track: SandboxTrack,
  ): void {
    const room = { sid: this.#session?.sid, name: this.name };
    this.report({ event, room, participant: participantNameJson(participant), track: trackJson(track) });
  }

  #onLeft(participant: SandboxParticipant): void {
    this.participants.delete(participant.identity);
    this.report({ event: 'participant_left', room: this.toJson(), participant: participantJson(participant) });
    const wasPerson = participant.kind !== 'egress';
    if (wasPerson && this.people().length === 0) this.#closeAfter(this.#effective().departureTimeoutMs);
  }

  #closeAfter(ms: number): void {
    clearTimeout(this.#closeTimer);
    this.#closeTimer = setTimeout(() => this.close(), ms);
  }
}

interface Session {
  readonly sid: string;
  readonly createdAtMs: number;
  readonly nonces: NonceWindow;
}

const REMEMBERED = 1024;

/** The nonces of the last packets: a packet that comes twice is delivered once. */
class NonceWindow {
  readonly #seen = new Set<string>();

  /** Remembers `nonce` and returns whether it is new. */
  admit(nonce: string): boolean {
    if (this.#seen.has(nonce)) return false;
    this.#seen.add(nonce);
    const [oldest] = this.#seen;
    if (this.#seen.size > REMEMBERED && oldest !== undefined) this.#seen.delete(oldest);
    return true;
  }
}

const AUDIO_CODECS = ['audio/PCMU', 'audio/PCMA', 'audio/opus', 'audio/red'];
const VIDEO_CODECS = ['video/VP8', 'video/H264', 'video/VP9', 'video/AV1', 'video/H265', 'video/rtx'];

/** What LiveKit reports about a room. */
interface RoomFields {
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
function roomJson(room: RoomFields): object {
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
