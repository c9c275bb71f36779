import { DOCTOR_ROOM_PREFIX } from '../livekit/doctor-rooms.js';

/** Whether `AUTO_START` puts a room live by itself: `off`, `webhook` (every room) or `webhook:PATTERN` with `*`. */
export function isAutoStarted(autoStart: string, room: string): boolean {
  if (autoStart === 'off' || room.startsWith(DOCTOR_ROOM_PREFIX)) return false;
  const pattern = autoStart.slice('webhook:'.length);
  return pattern === '' || globOf(pattern).test(room);
}

const globOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
