// Reads every socket into one static buffer. A server has no public option for that, so each handle is taken over by a socket
// that has: fit for a floor to measure against, not for a service.
import { createServer, Socket } from 'node:net';

const buffer = Buffer.alloc(64 * 1024);
let bytes = 0;
const onread = {
  buffer,
  callback: (length) => {
    bytes += length;
    return true;
  },
};

createServer({ pauseOnConnect: true }, (accepted) => {
  const handle = accepted._handle;
  accepted._handle = null;
  const socket = new Socket({ handle, onread });
  socket.on('error', () => socket.destroy());
  socket.resume();
}).listen(Number(process.argv[2]), '127.0.0.1');

process.on('SIGUSR2', () => console.log(bytes));
