import { ROOM_MIX_SID } from '../media/audio-source.js';
import type { SessionStates } from '../records/session-states.js';
import type { SessionTroubles } from '../records/session-troubles.js';
import type { SessionPeople } from './session-people.js';
import type { Coverage } from './session-seam.js';

/** Whether the server puts a participant's speech into words now: its sound streams, and the transcription is well. */
export class ServerCoverage implements Coverage {
  constructor(
    private readonly sessionId: string,
    private readonly people: SessionPeople,
    private readonly states: SessionStates,
    private readonly troubles: SessionTroubles,
  ) {}

  get isWell(): boolean {
    return !this.troubles.has(this.sessionId, 'speech-to-text');
  }

  covers(identity: string): boolean {
    const trackSids = this.people.tracksOf(identity);
    if (!this.isWell || trackSids.length === 0) return false;
    return [...trackSids, ROOM_MIX_SID].some((trackSid) => this.states.isStreaming(this.sessionId, trackSid));
  }
}
