import { Injectable } from '@nestjs/common';
import type { AudioSourceName } from '../media/audio-source.js';
import type { TrackState } from '../media/track-state.js';

/** How a track is received. */
export interface TrackReception {
  /** The source that receives it, or is starting to. */
  readonly source: AudioSourceName | undefined;
  readonly reception: TrackState | undefined;
}

/** The WebSocket on which Egress sends a track. */
export interface TrackConnection {
  /** Frames received so far. */
  readonly frames: number;
  /** On the TCP connection, headers included. */
  readonly bytesReceived: number;
  readonly codec: 'pcm' | 'opus';
  readonly muted: boolean;
}

/** How the transcription of a session goes. */
export interface TranscriptionState {
  readonly state:
    'connecting' | 'live' | 'idle' | 'waiting-for-slot' | 'reconnecting' | 'refused' | 'draining' | 'ended';
  /** For operators; empty when there is nothing to say. */
  readonly reason: string;
}

/** How the data packets of a session are delivered. Times are ISO 8601. */
export interface DeliveryState {
  /** How many packets were given up. */
  readonly undelivered: number;
  /** When LiveKit accepted the first transcript. */
  readonly firstTranscriptAt?: string;
  readonly lastDeliveredAt?: string;
  /** The last packet that LiveKit refused at first; it may have been accepted since. */
  readonly lastRefusal?: {
    readonly at: string;
    /** For operators. */
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
 * The state of live sessions for code that decides by it, read from the module that owns each part. What people are shown
 * is in SessionReports.
 */
@Injectable()
export class SessionStates {
  readonly #readers: Partial<Readers> = {};

  /** Called once by the module that owns a part. */
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

  /** Undefined while no egress sends the track. */
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
