import type { TranscriptionStatus } from '../events/domain-events.js';
import { ROOM_MIX_SID } from '../media/audio-source.js';
import type { SessionReports } from '../records/session-reports.js';

/** Whether the server puts a participant's speech into words now: its sound streams, and the transcription is well. */
export class ServerCoverage {
  #isDegraded = false;

  constructor(
    private readonly sessionId: string,
    private readonly reports: SessionReports,
  ) {}

  statusChanged(status: TranscriptionStatus): void {
    if (status === 'degraded') this.#isDegraded = true;
    if (status === 'live' || status === 'recovered') this.#isDegraded = false;
  }

  covers(trackSids: readonly string[]): boolean {
    if (this.#isDegraded || trackSids.length === 0) return false;
    const report = this.reports.read(this.sessionId);
    return [...trackSids, ROOM_MIX_SID].some((trackSid) => report.track(trackSid)['state'] === 'streaming');
  }
}
