/** One track as its session's modules see it. */
export interface TrackFacts {
  readonly trackSid: string;
  /** As in `GET /sessions/{id}`; undefined while nothing carries it. */
  readonly state?: string | undefined;
  readonly source?: string | undefined;
  readonly reason?: string | undefined;
  readonly muted: boolean;
  /** What came over its socket during the look; undefined where it has none. */
  readonly socket?: SocketFacts;
  /** How long it has been without speech; undefined while none of its sound is in the mix. */
  readonly silentForMs?: number;
}

export interface SocketFacts {
  readonly framesPerS: number;
  /** Samples a second in each channel; undefined where the wire does not tell (Opus). */
  readonly rateHz?: number;
}

/** All that the service knows of one session, for the rows that speak of sessions. */
export interface SessionFacts {
  readonly sessionId: string;
  readonly isLive: boolean;
  readonly liveForMs: number;
  readonly tracks: readonly TrackFacts[];
  readonly gladia: { readonly state: string; readonly reason: string };
  readonly delivery: {
    readonly undelivered: number;
    readonly firstTranscriptAt?: string | undefined;
    readonly lastDeliveredAt?: string | undefined;
    readonly lastRefusal?: { readonly at: string; readonly reason: string } | undefined;
  };
  /** When the engine first and last came with words, as ISO 8601. */
  readonly words: { readonly firstAt?: string; readonly lastAt?: string };
  readonly webhooks: { readonly acceptedAtUnixMs?: number; readonly refusedAtUnixMs?: number };
  /** Whether rooms are to go live by LiveKit's webhooks. */
  readonly startsByWebhook: boolean;
}
