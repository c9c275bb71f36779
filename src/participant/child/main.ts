/**
 * The process that joins rooms for the service: LiveKit's WebRTC client is native code that may leak or crash, and here it
 * takes nothing with it. The service decides everything; without a service this process ends.
 */
import { withTimeout } from '../../async/with-timeout.js';
import type { FromChild, ToChild } from '../messages.js';
import { RoomClients } from './room-clients.js';
import { FramePipe } from './frame-pipe.js';
import { loadRtc } from './rtc.js';

const ALIVE_EVERY_MS = 200;
const LEAVE_WITHIN_MS = 500;

/** At once and for certain: leaving by `exit` runs native destructors, which may hang. */
const end = (): boolean => process.kill(process.pid, 'SIGKILL');
const tell = (message: FromChild): void => {
  if (process.connected) process.send?.(message);
};

// A terminal's Ctrl-C reaches this process, too, but it is needed until the sessions have drained.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
// A stray failure in one room must not end the others.
process.on('unhandledRejection', () => undefined);
process.on('uncaughtException', end);

const loading = loadRtc().then(
  (rtc) => new RoomClients(rtc, new FramePipe(end), tell),
  () => tell({ kind: 'unusable' }),
);
process.on('message', (message: ToChild) => void loading.then((presences) => presences?.take(message)));
process.once('disconnect', () => {
  const left = loading.then((presences) => presences?.leaveAll());
  void withTimeout(left, LEAVE_WITHIN_MS, undefined).finally(end);
});

const sayAlive = (): void => tell({ kind: 'alive', residentBytes: process.memoryUsage.rss() });
void loading.then((presences) => {
  if (presences === undefined) return;
  sayAlive();
  setInterval(sayAlive, ALIVE_EVERY_MS);
});
