import type { ServiceUnderTest } from './service-under-test.js';

/** A track as `GET /sessions/{id}` shows it. */
export interface TrackView {
  readonly trackSid: string;
  readonly state?: string;
  readonly reason?: string;
  readonly source?: string;
  readonly restarts?: number;
}

const WITHIN_MS = 15_000;

export const tracksOf = async (world: ServiceUnderTest, sessionId: string): Promise<readonly TrackView[]> =>
  (await world.api.get<{ tracks: TrackView[] }>(`/sessions/${sessionId}`)).tracks;

/** The session's tracks, as soon as they are as they should be. @throws Error when they do not get there. */
export async function tracksUntil(
  world: ServiceUnderTest,
  sessionId: string,
  condition: (tracks: readonly TrackView[]) => boolean,
): Promise<readonly TrackView[]> {
  for (const deadlineMs = Date.now() + WITHIN_MS; ;) {
    const seen = await tracksOf(world, sessionId);
    if (condition(seen)) return seen;
    if (Date.now() > deadlineMs) throw new Error(`the tracks do not get there: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
