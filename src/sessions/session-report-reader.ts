import { Injectable } from '@nestjs/common';
import { SessionReports, type PlainReport, type Reporter } from './session-reports.port.js';

export interface MergedReport {
  readonly sections: PlainReport;
  readonly counters: Readonly<Record<string, number>>;
  track(trackSid: string): PlainReport;
}

/** Merges the reports of all modules about a session, for `GET /sessions/{id}` only. */
@Injectable()
export class SessionReportReader extends SessionReports {
  readonly #reporters: Reporter[] = [];

  override add(reporter: Reporter): void {
    this.#reporters.push(reporter);
  }

  read(sessionId: string): MergedReport {
    const reports = this.#reporters.flatMap((reporter) => reporter(sessionId) ?? []);
    return {
      sections: merged(reports.map((report) => report.sections)),
      counters: merged(reports.map((report) => report.counters)) as Record<string, number>,
      track: (trackSid) => merged(reports.map((report) => report.tracks?.get(trackSid))),
    };
  }
}

const merged = (parts: (PlainReport | undefined)[]): PlainReport =>
  parts.reduce<PlainReport>((all, part) => ({ ...all, ...part }), {});
