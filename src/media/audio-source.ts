import type { TrackKind } from './track-kind.js';
import type { TrackState } from './track-state.js';

/** The ways in which the audio of a track can be received. */
export type AudioSourceName = 'egress' | 'paired-egress' | 'room-egress' | 'participant';

/** How the audio of a whole session is received; `auto`: by Egress while there are free slots, then by any other source. */
export type AudioSourceChoice = AudioSourceName | 'auto';

/** A track that is to be transcribed. */
export interface TrackToTranscribe {
  readonly sessionId: string;
  readonly room: string;
  readonly trackSid: string;
  readonly identity: string;
  /** Default: a microphone. */
  readonly kind?: TrackKind;
}

/**
 * Why a subscription ends. `track-gone`: the track was unpublished; audio on its way still arrives. `session-over`: the
 * session has ended; the source drains and stops. `handed-over`: another source has taken the track over.
 */
export type SubscriptionEndReason = 'track-gone' | 'session-over' | 'handed-over';

/**
 * What a refusal is about. `source`: the source does not work here for now. `track`: it cannot receive this track, but
 * others. `subscription`: only this subscription has ended, and the source may be tried again at once.
 */
export type RefusalScope = 'source' | 'track' | 'subscription';

/** One source's subscription to one track, or to two: it keeps receiving, through losses and restarts, until it is closed. */
export interface AudioSubscription {
  /** Resolves when audio can arrive: the socket is open, or the track is subscribed. Never rejects. */
  readonly established: Promise<void>;
  /** Resolves when no more audio follows, after `close()` or a refusal. Never rejects. */
  readonly ended: Promise<void>;
  /**
   * Resolves with the reason when this source cannot receive the track after all, so that another should take it.
   * Never rejects. Absent where that cannot happen.
   */
  readonly refused?: Promise<string>;
  /** What the refusal is about. Default: the source. */
  readonly refusalScope?: RefusalScope;
  /** Whether it is waiting for an egress slot. Absent where none is needed. */
  readonly waitsForSlot?: boolean | undefined;
  /** The state of reception. */
  readonly state?: TrackState | undefined;
  /** Calls back whenever audio starts or stops. Absent: it arrives from `established` to `ended`. */
  onReceiving?(listener: (isReceiving: boolean) => void): void;
  /** Where two tracks share a connection: ends the one and keeps the other. */
  dropTrack?(trackSid: string): void;
  /** Idempotent. */
  close(why: SubscriptionEndReason): void;
}

/** How a source should subscribe. */
export interface SubscribeOptions {
  /** A second track of the session on the same connection, for sources that take two. */
  readonly partner?: TrackToTranscribe;
  /** When no slot is free: `refuse` (the default), or wait at the `last` or the `first` place of the queue. */
  readonly whenFull?: 'refuse' | 'last' | 'first';
}

/** One way to receive the audio of tracks. It writes to the TrackAudioSink and reports the state of each track. */
export abstract class AudioSource {
  abstract readonly name: AudioSourceName;

  /** Subscribes to a track. Undefined when this source has no capacity for it, or does not work here at all. */
  abstract subscribe(track: TrackToTranscribe, options?: SubscribeOptions): AudioSubscription | undefined;
}

/** In place of a track SID: the whole room on one connection, mixed by LiveKit, so that the speaker is unknown. */
export const ROOM_MIX_SID = 'room';
