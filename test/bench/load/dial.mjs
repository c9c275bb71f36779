import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';

/** A socket on which WebSocket frames may be written: after the upgrade for `ws:`, at once for `tcp:`. */
export async function dial(url) {
  const socket = connect({ port: Number(url.port), host: url.hostname, noDelay: true });
  socket.on('error', () => socket.destroy());
  if (url.protocol === 'ws:') await upgrade(socket, url);
  else await once(socket, 'connect');
  socket.on('data', () => undefined); // a ping may stay unanswered for as long as a bench runs
  return socket;
}

async function upgrade(socket, { host, pathname, search }) {
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n` +
      'Content-Type: audio/x-raw\r\n\r\n',
  );
  const hungUp = once(socket, 'close').then(() => ['no answer']);
  const [answer] = await Promise.race([once(socket, 'data'), hungUp]);
  const [status] = answer.toString('latin1').split('\r\n', 1);
  if (!status.includes(' 101 ')) throw new Error(`the upgrade was answered with: ${status}`);
}
