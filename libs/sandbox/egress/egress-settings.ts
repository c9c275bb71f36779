import type { OutputSettings } from './websocket-output.js';

/** How an Egress behaves in time. The defaults were measured on an Egress with its own default settings. */
export interface EgressSettings extends OutputSettings {
  /** From the speaker to the socket. */
  readonly latencyMs: number;
  /** How much of that has passed already when the socket opens: Egress is in the room before it dials. */
  readonly captureLeadMs: number;
  /** From the start call to its answer. */
  readonly answerMs: number;
  /** From the answer to the dial. */
  readonly dialDelayMs: number;
  /** From a mute to `{"muted":true}`. */
  readonly mutedAfterMs: number;
  /** From the end of the track to the beginning of the end. */
  readonly noticeEndMs: number;
  /** A stream that lasts so long is ended. */
  readonly limitMs: number;
  /** Egresses at a time; one more is `unavailable`. */
  readonly slots: number;
}

export const DEFAULT_EGRESS: EgressSettings = {
  latencyMs: 2_880,
  captureLeadMs: 80,
  answerMs: 60,
  dialDelayMs: 300,
  mutedAfterMs: 1_490,
  noticeEndMs: 200,
  limitMs: 12 * 60 * 60 * 1000,
  slots: Infinity,
  pingIntervalMs: 30_000,
  backlogMs: 500,
};

/** The latency of an Egress with `latency_overrides` for tracks. */
export const TUNED_LATENCY_MS = 255;
