import { Injectable } from '@nestjs/common';
import type { AudioSourceName } from '../media/audio-source.js';
import type { TrackState } from '../media/track-state.js';

/** A track that is to be received, and how that goes. */
export interface TrackReception {
  /** What receives it, or is about to. */
  readonly source: AudioSourceName | undefined;
  readonly reception: TrackState | undefined;
}

/** The WebSocket by which Egress sends a track. */
export interface TrackConnection {
  /** Frames received so far. */
  readonly frames: number;
  /** By the TCP connection, headers included. */
  readonly bytesReceived: number;
  readonly codec: 'pcm' | 'opus';
  readonly muted: boolean;
}

/** How the speech of a session is put into words. */
export interface TranscriptionState {
  readonly state:
    'connecting' | 'live' | 'idle' | 'waiting-for-slot' | 'reconnecting' | 'refused' | 'draining' | 'ended';
  /** For people who look after the service; empty when there is nothing to say. */
  readonly reason: string;
}

/** What became of the data packets of a session. Times are ISO 8601. */
export interface DeliveryState {
  /** How many were given up. */
  readonly undelivered: number;
  /** When LiveKit took the first transcript. */
  readonly firstTranscriptAt?: string;
  readonly lastDeliveredAt?: string;
  /** The last packet that LiveKit did not take at once; it may have been taken since. */
  readonly lastRefusal?: {
    readonly at: string;
    /** For people who look after the service. */
    readonly reason: string;
    /** 401 or 403: the key may not send data. */
    readonly forbidden: boolean;
  };
}

interface Readers {
  readonly track: (sessionId: string, trackSid: string) => TrackReception | undefined;
  readonly connection: (sessionId: string, trackSid: string) => TrackConnection | undefined;
  readonly transcription: (sessionId: string) => TranscriptionState | undefined;
  readonly delivery: (sessionId: string) => DeliveryState | undefined;
}

/**
 * The state of live sessions for whoever decides by it, read from the module that owns each part. What people are shown is
 * in SessionReports, and nothing is decided by that.
 */
@Injectable()
export class SessionStates {
  readonly #readers: Partial<Readers> = {};

  /** Called by the owner of a part, once. */
  provide(readers: Partial<Readers>): void {
    Object.assign(this.#readers, readers);
  }

  /** @param trackSid `ROOM_MIX_SID` for the whole room on one connection */
  track(sessionId: string, trackSid: string): TrackReception | undefined {
    return this.#readers.track?.(sessionId, trackSid);
  }

  isStreaming(sessionId: string, trackSid: string): boolean {
    return this.track(sessionId, trackSid)?.reception?.state === 'streaming';
  }

  /** Undefined where no Egress sends it, or none at the moment. */
  connection(sessionId: string, trackSid: string): TrackConnection | undefined {
    return this.#readers.connection?.(sessionId, trackSid);
  }

  /** Undefined while nothing of the session was sent to the speech-to-text engine. */
  transcription(sessionId: string): TranscriptionState | undefined {
    return this.#readers.transcription?.(sessionId);
  }

  delivery(sessionId: string): DeliveryState | undefined {
    return this.#readers.delivery?.(sessionId);
  }
}
