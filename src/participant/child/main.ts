/**
 * The child process that joins rooms for the service. LiveKit's WebRTC client is native code that may leak or crash; here it
 * cannot take the service down. The service decides everything; without it this process ends.
 */
import { withTimeout } from '../../async/with-timeout.js';
import type { FromChild, ToChild } from '../messages.js';
import { RoomClients } from './room-clients.js';
import { FramePipe } from './frame-pipe.js';
import { loadRtc } from './rtc.js';

const ALIVE_EVERY_MS = 200;
const LEAVE_WITHIN_MS = 500;

/** `exit` would run native destructors, which may hang; a SIGKILL ends the process at once and for certain. */
const end = (): boolean => process.kill(process.pid, 'SIGKILL');
const send = (message: FromChild): void => {
  if (process.connected) process.send?.(message);
};

// Ctrl-C in a terminal reaches this process, too, but it is needed until the sessions are drained.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
// An unhandled rejection in one room must not end the others.
process.on('unhandledRejection', () => undefined);
process.on('uncaughtException', end);

const loading = loadRtc().then(
  (rtc) => new RoomClients(rtc, new FramePipe(end), send),
  () => send({ kind: 'unusable' }),
);
process.on('message', (message: ToChild) => void loading.then((clients) => clients?.onMessage(message)));
process.once('disconnect', () => {
  const left = loading.then((clients) => clients?.leaveAll());
  void withTimeout(left, LEAVE_WITHIN_MS, undefined).finally(end);
});

const sendAlive = (): void => send({ kind: 'alive', residentBytes: process.memoryUsage.rss() });
void loading.then((clients) => {
  if (clients === undefined) return;
  sendAlive();
  setInterval(sendAlive, ALIVE_EVERY_MS);
});
