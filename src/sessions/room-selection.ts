import { createHash } from 'node:crypto';
import { DOCTOR_ROOM_PREFIX } from '../livekit/doctor-rooms.js';

const PERCENT = /^percent:(\d{1,3})$/;

/** Whether `AUTO_START` starts a session when the room opens: `off`, `webhook` (every room) or `webhook:PATTERN` with `*`. */
export function isAutoStarted(autoStart: string, room: string): boolean {
  if (autoStart === 'off' || room.startsWith(DOCTOR_ROOM_PREFIX)) return false;
  const pattern = autoStart.slice('webhook:'.length);
  return pattern === '' || regExpOf(pattern).test(room);
}

/**
 * Whether the server transcribes a room from the start: `SERVER_TRANSCRIPTION` is `on`, `off`, `fallback` (only tracks
 * whose browser sends no transcripts) or `percent:N`, which selects the same rooms at every start and in every replica.
 */
export function isTranscribedByServer(serverTranscription: string, room: string): boolean {
  const percent = PERCENT.exec(serverTranscription)?.[1];
  return percent === undefined ? serverTranscription === 'on' : hashToUnit(room) < Number(percent) / 100;
}

const regExpOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );

/** Spreads names evenly over 0..1. A name always has the same value, so that a higher percentage only adds rooms. */
function hashToUnit(room: string): number {
  return createHash('sha256').update(room).digest().readUInt32BE(0) / 2 ** 32;
}
