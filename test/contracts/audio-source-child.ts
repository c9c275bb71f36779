// In place of the process that joins rooms: a track named TR_440 sounds at 440 Hz. No LiveKit, no native code.
import { Socket } from 'node:net';
import type { FromChild, ToChild } from '../../src/participant/messages.js';

const FRAME_SAMPLES = 320;
const frames = new Socket({ fd: 4, readable: false, writable: true });
/** Track number -> pitch. */
const pitchesHz = new Map<number, number>();
let at = 0;

function frame(track: number, hz: number): Buffer {
  const buffer = Buffer.alloc(8 + 2 * FRAME_SAMPLES);
  buffer.writeUInt32LE(track, 0);
  buffer.writeUInt32LE(2 * FRAME_SAMPLES, 4);
  for (let i = 0; i < FRAME_SAMPLES; i++) {
    buffer.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * hz * (at + i)) / 16_000)), 8 + 2 * i);
  }
  return buffer;
}

const send = (message: FromChild): void => void process.send?.(message);

process.on('message', (message: ToChild) => {
  switch (message.kind) {
    case 'join': {
      const { connection, token } = message;
      send(token === 'refused' ? { kind: 'lost', connection, cause: 'refused' } : { kind: 'joined', connection });
      break;
    }
    case 'leave':
      break; // its tracks were given up one by one
    case 'subscribe':
      pitchesHz.set(message.track, Number(message.trackSid.slice(3)));
      send({ kind: 'subscribed', track: message.track });
      break;
    case 'unsubscribe':
      pitchesHz.delete(message.track);
      break;
  }
});
process.once('disconnect', () => process.exit(0));
setInterval(() => {
  for (const [track, hz] of pitchesHz) frames.write(frame(track, hz));
  at += FRAME_SAMPLES;
}, 20);
setInterval(() => send({ kind: 'alive', residentBytes: process.memoryUsage.rss() }), 200);
