import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AudioReceiver, type ReceivedEgress } from './audio-receiver.spec-kit.js';
import { WebSocketOutput } from './websocket-output.js';
import { useVirtualTime } from '../../testing/virtual-time.spec-kit.js';

useVirtualTime();

const BACKLOG_FRAMES = 50;
const SETTINGS = { pingIntervalMs: 20, backlogMs: BACKLOG_FRAMES * 10 };

/** A frame that carries its number. */
function numbered(n: number): Buffer {
  const frame = Buffer.alloc(1920);
  frame.writeUInt32LE(n);
  return frame;
}
const numbersOf = (egress: ReceivedEgress): number[] => egress.frames.map((frame) => frame.value.readUInt32LE());
const count = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('the socket of an egress', () => {
  let receiver: AudioReceiver;
  let output: WebSocketOutput;
  let egress: ReceivedEgress;

  beforeEach(async () => {
    receiver = await AudioReceiver.open();
    output = await WebSocketOutput.dial(receiver.url, SETTINGS);
    egress = await receiver.egress();
  });
  afterEach(async () => {
    output.terminate();
    await receiver.close();
  });

  it('pings with the payload of Egress and answers our pings', async () => {
    const pong = new Promise<string>((resolve) => egress.socket.once('pong', (data) => resolve(data.toString())));
    egress.socket.ping('are you there');
    expect(await pong).toBe('are you there');
    output.send('a text keeps the order');
    await egress.until(() => egress.texts.length === 1);
    await new Promise((resolve) => egress.socket.once('ping', resolve));
    expect(egress.pings[0]).toBe('ping');
  });

  it('holds everything for a receiver that stalls, and brings it at once', async () => {
    egress.socket.pause();
    for (let n = 0; n < 40; n++) output.send(numbered(n));
    egress.socket.resume();
    await egress.until(() => egress.frames.length === 40);
    expect(numbersOf(egress)).toEqual(count(0, 40));
    expect(output.droppedFrames).toBe(0);
  });

  it('loses the oldest that waits when the stall is too long, and nothing else', async () => {
    egress.socket.pause();
    const sent = 15_000;
    for (let n = 0; n < sent; n++) {
      output.send(numbered(n));
      if (n % 20 === 0) await new Promise(setImmediate);
    }
    const { droppedFrames } = output;
    expect(droppedFrames).toBeGreaterThan(0);
    egress.socket.resume();
    await egress.until(() => egress.frames.length === sent - droppedFrames);

    const taken = sent - droppedFrames - BACKLOG_FRAMES;
    expect(numbersOf(egress)).toEqual([...count(0, taken), ...count(sent - BACKLOG_FRAMES, sent)]);
  });

  it('closes without a code after what waits', async () => {
    for (let n = 0; n < 30; n++) output.send(numbered(n));
    await output.finish();
    await egress.closed();
    expect(egress.frames).toHaveLength(30);
    expect(egress.closeCode).toBe(1005);
  });
});
