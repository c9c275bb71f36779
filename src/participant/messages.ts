/**
 * What the service and its child process tell each other beside the sound. The numbers of presences and tracks are given
 * out by the service and never used twice within one process.
 */
export type ToChild =
  | { readonly kind: 'join'; readonly presence: number; readonly url: string; readonly token: string }
  | { readonly kind: 'leave'; readonly presence: number }
  | { readonly kind: 'hear'; readonly presence: number; readonly track: number; readonly trackSid: string }
  | { readonly kind: 'unhear'; readonly presence: number; readonly track: number };

export type FromChild =
  | { readonly kind: 'alive'; readonly residentBytes: number }
  /** The process can do nothing: LiveKit's client cannot be loaded. */
  | { readonly kind: 'unusable' }
  | ConnectionMessage
  | TrackMessage;

export type ConnectionMessage =
  | { readonly kind: 'joined'; readonly presence: number }
  | { readonly kind: 'reconnecting'; readonly presence: number }
  | { readonly kind: 'reconnected'; readonly presence: number }
  | { readonly kind: 'lost'; readonly presence: number; readonly cause: LossCause };

export type TrackMessage =
  | { readonly kind: 'subscribed' | 'unsubscribed' | 'denied'; readonly track: number }
  | { readonly kind: 'muted'; readonly track: number; readonly muted: boolean };

/** Why the child is not in the room, or no longer. */
export type LossCause = 'unreachable' | 'refused' | 'removed' | 'room-closed' | 'moved' | 'disconnected';

/** The child writes its frames to this file descriptor. */
export const FRAMES_FD = 4;
