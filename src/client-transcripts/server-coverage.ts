import { ROOM_MIX_SID } from '../media/audio-source.js';
import type { SessionReports } from '../sessions/session-reports.port.js';
import type { SessionProblems } from '../sessions/session-problems.port.js';
import type { SessionParticipants } from './session-participants.js';
import type { Coverage } from '../merge/transcript-merger.js';

/** Whether the server puts a participant's speech into words now: its sound streams, and the transcription is well. */
export class ServerCoverage implements Coverage {
  constructor(
    private readonly sessionId: string,
    private readonly people: SessionParticipants,
    private readonly reports: SessionReports,
    private readonly troubles: SessionProblems,
  ) {}

  get isWell(): boolean {
    return !this.troubles.has(this.sessionId, 'speech-to-text');
  }

  covers(identity: string): boolean {
    const trackSids = this.people.tracksOf(identity);
    if (!this.isWell || trackSids.length === 0) return false;
    const report = this.reports.read(this.sessionId);
    return [...trackSids, ROOM_MIX_SID].some((trackSid) => report.track(trackSid)['state'] === 'streaming');
  }
}
