import type { TracksLeftOut } from '../events/domain-events.js';
import type { WebhooksSeen } from '../livekit/livekit-webhooks.js';
import type {
  DeliveryState,
  TrackConnection,
  TrackReception,
  TranscriptionState,
} from '../sessions/session-states.port.js';

/** One track at a moment. Its reception is undefined while the server is not to receive it. */
export interface TrackSnapshot extends Partial<TrackReception> {
  readonly trackSid: string;
  readonly muted: boolean;
  /** What came over its WebSocket meanwhile; undefined where it has none. */
  readonly rate?: ConnectionRate;
  /** How long it has been without speech; undefined while none of its sound is in the mix. */
  readonly silentForMs?: number;
}

/** All that the service knows of one session, for the checks of sessions. */
export interface SessionSnapshot {
  readonly sessionId: string;
  readonly isLive: boolean;
  readonly liveForMs: number;
  readonly tracks: readonly TrackSnapshot[];
  /** The audio tracks of the room that are not transcribed. */
  readonly leftOut: TracksLeftOut['tracks'];
  readonly gladia: TranscriptionState;
  readonly delivery: DeliveryState;
  /** When the first and the last words came from the engine, as ISO 8601. */
  readonly words: { readonly firstAt?: string; readonly lastAt?: string };
  readonly webhooks: WebhooksSeen;
  /** Whether rooms are to go live by LiveKit's webhooks. */
  readonly startsByWebhook: boolean;
}

export interface ConnectionRate {
  readonly framesPerS: number;
  /** Samples a second in each channel; undefined where bytes do not tell (Opus). */
  readonly rateHz?: number;
}

/** Egress sends this, whatever the track was. */
export const EGRESS_RATE_HZ = 48_000;
const RATE_TOLERANCE = 0.05;
/** S16LE in two channels. */
const BYTES_PER_SAMPLE = 4;
/** A masked WebSocket frame of 126 bytes or more has so many before its payload. */
const HEADER_BYTES = 8;

export const isOffRate = ({ rateHz }: ConnectionRate): boolean =>
  rateHz !== undefined && Math.abs(rateHz / EGRESS_RATE_HZ - 1) > RATE_TOLERANCE;

/**
 * The rate between two samples of a track's connection, by the byte count of the operating system, so that no frame is
 * counted for it. Undefined where there was no connection, or another one than at first.
 */
export function rateBetween(
  before: TrackConnection | undefined,
  after: TrackConnection | undefined,
  elapsedMs: number,
): ConnectionRate | undefined {
  if (before === undefined || after === undefined || after.frames < before.frames) return undefined;
  const seconds = elapsedMs / 1000;
  const frames = after.frames - before.frames;
  const framesPerS = Math.round(frames / seconds);
  if (after.codec !== 'pcm') return { framesPerS };
  const payload = after.bytesReceived - before.bytesReceived - frames * HEADER_BYTES;
  return { framesPerS, rateHz: Math.round(payload / BYTES_PER_SAMPLE / seconds) };
}
