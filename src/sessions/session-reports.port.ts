export type PlainReport = Readonly<Record<string, unknown>>;

/** What one module reports about one session. */
export interface SessionReport {
  /** Sections beside `counters`, e.g. `{ gladia: { state } }`. */
  readonly sections?: PlainReport;
  readonly counters?: Readonly<Record<string, number>>;
  /** By track SID. */
  readonly tracks?: ReadonlyMap<string, PlainReport>;
}

export type Reporter = (sessionId: string) => SessionReport | undefined;

/**
 * Collects what `GET /sessions/{id}` shows: each module adds a reporter. Reports are for people; code that decides
 * something reads SessionStates.
 */
export abstract class SessionReports {
  abstract add(reporter: Reporter): void;
}
