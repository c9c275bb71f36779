/**
 * The messages between the service and its child process; audio goes through a pipe of its own. The service gives
 * connections (one hidden participant in one room) and tracks their numbers, and uses none twice within one process.
 */
export type ToChild =
  | { readonly kind: 'join'; readonly connection: number; readonly url: string; readonly token: string }
  | { readonly kind: 'leave'; readonly connection: number }
  | { readonly kind: 'subscribe'; readonly connection: number; readonly track: number; readonly trackSid: string }
  | { readonly kind: 'unsubscribe'; readonly connection: number; readonly track: number };

export type FromChild =
  | { readonly kind: 'alive'; readonly residentBytes: number }
  /** LiveKit's client cannot be loaded, so the process can do nothing. */
  | { readonly kind: 'unusable' }
  | ConnectionMessage
  | TrackMessage;

export type ConnectionMessage =
  | { readonly kind: 'joined'; readonly connection: number }
  | { readonly kind: 'reconnecting'; readonly connection: number }
  | { readonly kind: 'reconnected'; readonly connection: number }
  | { readonly kind: 'lost'; readonly connection: number; readonly cause: LossCause };

export type TrackMessage =
  | { readonly kind: 'subscribed' | 'unsubscribed' | 'denied'; readonly track: number }
  | { readonly kind: 'muted'; readonly track: number; readonly muted: boolean };

/** Why the child could not join a room, or has left it. */
export type LossCause = 'unreachable' | 'refused' | 'removed' | 'room-closed' | 'moved' | 'disconnected';

/** The file descriptor to which the child writes its audio frames. */
export const FRAMES_FD = 4;
