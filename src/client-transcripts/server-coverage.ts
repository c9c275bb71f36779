import { ROOM_MIX_SID } from '../media/audio-source.js';
import type { SessionStates } from '../sessions/session-states.port.js';
import type { SessionProblems } from '../sessions/session-problems.port.js';
import type { SessionParticipants } from './session-participants.js';

/** Whether the server transcribes a participant: one of their tracks streams, and the transcription is not interrupted. */
export class ServerCoverage {
  constructor(
    private readonly sessionId: string,
    private readonly participants: SessionParticipants,
    private readonly states: SessionStates,
    private readonly problems: SessionProblems,
  ) {}

  covers(identity: string): boolean {
    const trackSids = this.participants.tracksOf(identity);
    if (this.problems.has(this.sessionId, 'speech-to-text') || trackSids.length === 0) return false;
    return [...trackSids, ROOM_MIX_SID].some((trackSid) => this.states.isStreaming(this.sessionId, trackSid));
  }
}
