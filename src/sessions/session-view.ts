import type { SessionReports } from './session-reports.port.js';
import type { Session } from './session.js';

/**
 * A session as the API shows it: its own state, and what each module reports of it.
 * @param insights that were kept of one that is over; those that are in memory stand in their place
 */
export function sessionView(
  session: Session,
  reports: SessionReports,
  insights?: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const report = reports.read(session.id);
  return {
    id: session.id,
    room: session.room,
    status: session.status,
    source: session.source,
    languages: session.options.spoken,
    translation: session.options.translateTo,
    tracks: session.roster.tracks.map(({ source: publishedAs, ...track }) => ({
      ...track,
      publishedAs,
      ...report.track(track.trackSid),
    })),
    ...(insights && { insights }),
    ...report.sections,
    counters: report.counters,
  };
}
