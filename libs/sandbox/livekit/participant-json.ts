import type { ParticipantKind, SandboxParticipant } from './sandbox-participant.js';
import { trackJson } from './sandbox-track.js';

const CAPABILITIES = ['CAP_PACKET_TRAILER', 'CAP_COMPRESSION_DEFLATE_RAW'];

const PERSON = {
  permission: { canSubscribe: true, canPublish: true, canPublishData: true },
  clientProtocol: 2,
  capabilities: CAPABILITIES,
};
const EGRESS = { permission: { canSubscribe: true, hidden: true, recorder: true } };

/** A `livekit.ParticipantInfo` in protobuf JSON, defaults left out. */
export function participantJson(participant: SandboxParticipant): object {
  const tracks = [...participant.tracks.values()].map(trackJson);
  return {
    sid: participant.sid,
    identity: participant.identity,
    state: participant.present ? 'ACTIVE' : 'DISCONNECTED',
    ...(tracks.length > 0 && { tracks }),
    joinedAt: String(Math.floor(participant.joinedAtMs / 1000)),
    joinedAtMs: String(participant.joinedAtMs),
    ...(participant.name !== '' && { name: participant.name }),
    version: participant.version,
    ...(participant.isPublisher && { isPublisher: true }),
    ...(participant.kind === 'egress' ? EGRESS : PERSON),
    ...kindJson(participant.kind),
    ...(!participant.present && { disconnectReason: participant.leaveReason }),
  };
}

/** How webhooks about tracks name a participant. */
export function participantNameJson(participant: SandboxParticipant): object {
  return { sid: participant.sid, identity: participant.identity };
}

const kindJson = (kind: ParticipantKind): object => (kind === 'standard' ? {} : { kind: kind.toUpperCase() });
