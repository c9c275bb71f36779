import { createHash } from 'node:crypto';

const PERCENT = /^percent:(\d{1,3})$/;

/**
 * Whether the server listens to a room from the start: `SERVER_TRANSCRIPTION` says `on`, `off`, `fallback` (to a track
 * only while its browser sends nothing) or `percent:N`, which is the same rooms at every start and in every replica.
 */
export function isTranscribedByServer(serverTranscription: string, room: string): boolean {
  const percent = PERCENT.exec(serverTranscription)?.[1];
  return percent === undefined ? serverTranscription === 'on' : placeOf(room) < Number(percent) / 100;
}

/** Spreads names evenly over 0..1; a name always has the same place, so that a higher share only adds rooms. */
function placeOf(room: string): number {
  return createHash('sha256').update(room).digest().readUInt32BE(0) / 2 ** 32;
}
