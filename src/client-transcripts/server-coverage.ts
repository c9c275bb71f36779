import type { TranscriptionStatus } from '../events/domain-events.js';
import { ROOM_MIX_SID } from '../media/audio-source.js';
import type { SessionReports } from '../records/session-reports.js';
import type { SessionPeople } from './session-people.js';
import type { Coverage } from './session-seam.js';

/** Whether the server puts a participant's speech into words now: its sound streams, and the transcription is well. */
export class ServerCoverage implements Coverage {
  #isDegraded = false;

  constructor(
    private readonly sessionId: string,
    private readonly people: SessionPeople,
    private readonly reports: SessionReports,
  ) {}

  statusChanged(status: TranscriptionStatus): void {
    if (status === 'degraded') this.#isDegraded = true;
    if (status === 'live' || status === 'recovered') this.#isDegraded = false;
  }

  get isWell(): boolean {
    return !this.#isDegraded;
  }

  covers(identity: string): boolean {
    const trackSids = this.people.tracksOf(identity);
    if (this.#isDegraded || trackSids.length === 0) return false;
    const report = this.reports.read(this.sessionId);
    return [...trackSids, ROOM_MIX_SID].some((trackSid) => report.track(trackSid)['state'] === 'streaming');
  }
}
