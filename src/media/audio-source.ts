import type { TrackKind } from './track-kind.js';

/** The ways in which the sound of a track can come in. */
export type AudioSourceName = 'egress' | 'paired-egress' | 'room-egress' | 'participant';

/** How the sound of a whole session is to come in; `auto`: by Egress while its slots last, then in whatever way is left. */
export type AudioSourceChoice = AudioSourceName | 'auto';

/** A track that somebody should hear. */
export interface TrackToTranscribe {
  readonly sessionId: string;
  readonly room: string;
  readonly trackSid: string;
  readonly identity: string;
  /** A microphone where this is absent. */
  readonly kind?: TrackKind;
}

/**
 * Why a track need not be carried any more. `track-gone`: it was unpublished, what is on the way still comes.
 * `session-over`: the source has to be stopped, and drains. `handed-over`: another source carries it from now on.
 */
export type SubscriptionEndReason = 'track-gone' | 'session-over' | 'handed-over';

/**
 * What a refusal says something of. `source`: it cannot work here for now. `track`: it cannot hear this one, whatever it
 * hears else. `carriage`: only this one came to its end, and the source may be asked again at once.
 */
export type RefusalScope = 'source' | 'track' | 'carriage';

/** One source's work for one track, or for two: it keeps the sound coming, through losses and restarts, until it is closed. */
export interface AudioSubscription {
  /** Resolves when the first sound may arrive: the socket is open, or the track is subscribed. Never rejects. */
  readonly established: Promise<void>;
  /** Resolves when nothing more will come, after `close()` or a refusal. Never rejects. */
  readonly ended: Promise<void>;
  /**
   * Resolves with the reason when this source finds that it cannot carry the track after all, so that another should.
   * Never rejects. Absent where that cannot be.
   */
  readonly refused?: Promise<string>;
  /** What that refusal is about; the source where this is absent. */
  readonly refusalScope?: RefusalScope;
  /** Whether it has to wait for a slot now. Absent where none is needed. */
  readonly waitsForSlot?: boolean | undefined;
  /** What `GET /sessions/{id}` says of its tracks. Absent where the source says it by itself. */
  readonly report?: Readonly<Record<string, unknown>> | undefined;
  /** Calls back whenever sound begins to come, or stops coming. Absent: it comes from `established` to `ended`. */
  onReceiving?(listener: (heard: boolean) => void): void;
  /** Of two tracks on one connection this one is gone; the other is carried on. */
  dropTrack?(trackSid: string): void;
  /** Idempotent. */
  close(why: SubscriptionEndReason): void;
}

/** How a source is to go about it. */
export interface SubscribeOptions {
  /** A second track of the session on the same connection, for sources that take two. */
  readonly partner?: TrackToTranscribe;
  /** When no slot is free: `refuse` (the default), wait as the `last` of those who wait, or as the `first`. */
  readonly whenFull?: 'refuse' | 'last' | 'first';
}

/** One way for the sound of tracks to come in. It writes to the TrackAudioSink and reports each track's state by itself. */
export abstract class AudioSource {
  abstract readonly name: AudioSourceName;

  /** Begins to carry the track. Undefined when this source has no room for it now, or cannot work here at all. */
  abstract subscribe(track: TrackToTranscribe, wishes?: SubscribeOptions): AudioSubscription | undefined;
}

/** In place of a track's SID: the whole room on one connection, already mixed, so that nobody knows who speaks. */
export const ROOM_MIX_SID = 'room';
