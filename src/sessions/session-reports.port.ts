import { Injectable } from '@nestjs/common';

type Plain = Readonly<Record<string, unknown>>;

/** What one module has to say of one session. */
export interface SessionReport {
  /** Sections beside `counters`, e.g. `{ gladia: { state } }`. */
  readonly sections?: Plain;
  readonly counters?: Readonly<Record<string, number>>;
  /** By track SID. */
  readonly tracks?: ReadonlyMap<string, Plain>;
}

export interface MergedReport {
  readonly sections: Plain;
  readonly counters: Readonly<Record<string, number>>;
  track(trackSid: string): Plain;
}

type Reporter = (sessionId: string) => SessionReport | undefined;

/** `GET /sessions/{id}` is written by the modules: each adds what it knows, none knows the others. */
@Injectable()
export class SessionReports {
  readonly #reporters: Reporter[] = [];

  add(reporter: Reporter): void {
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

const merged = (parts: (Plain | undefined)[]): Plain => parts.reduce<Plain>((all, part) => ({ ...all, ...part }), {});
