/**
 * The live transcript of a room, for browsers and Node: `createTranscript(room, { api, token })` in a LiveKit room,
 * `createTranscript({ events, ticket })` outside of it.
 */
import { EventStreamSource, type EventOptions } from './event-source.js';
import { RoomSource, type RoomOptions, type TranscriptRoom } from './room-source.js';
import { TranscriptState, type Transcript } from './transcript.js';

export { textOf, type Segment } from './segment.js';
export type { Credential } from './credential.js';
export type * from './messages.js';
export type { EventOptions, RoomOptions, Transcript, TranscriptRoom };
export type { TranscriptStatus } from './transcript.js';

export interface WindowOptions {
  /** How many segments are kept, the last ones. Default: 1,000. */
  readonly window?: number;
}

const WINDOW_SEGMENTS = 1_000;

/** Follows the transcript of a LiveKit room that you have joined, or are about to join. */
export function createTranscript(room: TranscriptRoom, options?: RoomOptions & WindowOptions): Transcript;
/** Follows the transcript of one session over server-sent events. */
export function createTranscript(options: EventOptions & WindowOptions): Transcript;
export function createTranscript(
  from: TranscriptRoom | (EventOptions & WindowOptions),
  options: RoomOptions & WindowOptions = {},
): Transcript {
  const isRoom = 'on' in from;
  const state = new TranscriptState((isRoom ? options : from).window ?? WINDOW_SEGMENTS);
  const source = isRoom ? new RoomSource(state, from, options) : new EventStreamSource(state, from);
  return {
    get segments() {
      return state.segments;
    },
    get gaps() {
      return state.gaps;
    },
    get status() {
      return state.status;
    },
    get sessionId() {
      return state.sessionId;
    },
    subscribe(listener) {
      state.listeners.add(listener);
      return () => void state.listeners.delete(listener);
    },
    close() {
      source.close();
      state.listeners.clear();
    },
  };
}
