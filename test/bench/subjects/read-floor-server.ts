// Reads every socket into one static buffer. A server has no public option for that, so each handle is taken over by a socket
// that has: fit for a floor to measure against, not for a service.
import { createServer, Socket, type OnReadOpts } from 'node:net';

/** Node's own, not public. */
interface SocketInternals {
  _handle: unknown;
}

const onread: OnReadOpts = { buffer: Buffer.alloc(64 * 1024), callback: () => true };

createServer({ pauseOnConnect: true }, (accepted) => {
  const internals = accepted as unknown as SocketInternals;
  const handle = internals._handle;
  internals._handle = null;
  const options: object = { handle, onread };
  const socket = new Socket(options);
  socket.on('error', () => socket.destroy());
  socket.resume();
}).listen(Number(process.argv[2]), '127.0.0.1');
