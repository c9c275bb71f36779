export type PlainReport = Readonly<Record<string, unknown>>;

/** What one module has to say of one session. */
export interface SessionReport {
  /** Sections beside `counters`, e.g. `{ gladia: { state } }`. */
  readonly sections?: PlainReport;
  readonly counters?: Readonly<Record<string, number>>;
  /** By track SID. */
  readonly tracks?: ReadonlyMap<string, PlainReport>;
}

export type Reporter = (sessionId: string) => SessionReport | undefined;

/**
 * `GET /sessions/{id}` is written by the modules: each adds what it knows, none knows the others. It is for people; whoever
 * decides something reads SessionStates.
 */
export abstract class SessionReports {
  abstract add(reporter: Reporter): void;
}
