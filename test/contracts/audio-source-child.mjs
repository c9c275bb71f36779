// In place of the process that joins rooms: of a track named TR_440 it hears 440 Hz. No LiveKit, no native code.
import { Socket } from 'node:net';

const FRAME_SAMPLES = 320;
const frames = new Socket({ fd: 4, readable: false, writable: true });
/** Track number -> pitch. */
const heard = new Map();
let at = 0;

const frame = (track, hz) => {
  const buffer = Buffer.alloc(8 + 2 * FRAME_SAMPLES);
  buffer.writeUInt32LE(track, 0);
  buffer.writeUInt32LE(2 * FRAME_SAMPLES, 4);
  for (let i = 0; i < FRAME_SAMPLES; i++) {
    buffer.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * hz * (at + i)) / 16_000)), 8 + 2 * i);
  }
  return buffer;
};

const orders = {
  join({ presence, token }) {
    if (token === 'refused') process.send({ kind: 'lost', presence, cause: 'refused' });
    else process.send({ kind: 'joined', presence });
  },
  leave() {
    // Its tracks were given up one by one.
  },
  hear({ track, trackSid }) {
    heard.set(track, Number(trackSid.slice(3)));
    process.send({ kind: 'subscribed', track });
  },
  unhear({ track }) {
    heard.delete(track);
  },
};

process.on('message', (message) => orders[message.kind](message));
process.once('disconnect', () => process.exit(0));
setInterval(() => {
  for (const [track, hz] of heard) frames.write(frame(track, hz));
  at += FRAME_SAMPLES;
}, 20);
setInterval(() => process.send({ kind: 'alive', residentBytes: process.memoryUsage.rss() }), 200);
