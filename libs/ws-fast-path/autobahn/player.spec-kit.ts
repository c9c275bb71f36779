import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { RawPeer } from '../raw-peer.spec-kit.js';
import { inWords, type Step } from './case.spec-kit.js';

/** As the server sends its frames: whole, and without a mask. */
interface Heard {
  readonly first: number;
  readonly payload: Buffer;
  /** Where the next one begins. */
  readonly end: number;
}

const FINAL = 0x80;

/** The frame that begins at `at`; undefined while it has not all come. */
function frameAt(bytes: Buffer, at: number): Heard | undefined {
  if (bytes.length < at + 2) return undefined;
  const short = bytes[at + 1]!;
  const header = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < at + header) return undefined;
  const long = (): number => (short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : bytes.readUInt16BE(at + 2));
  const end = at + header + (short < 126 ? short : long());
  return bytes.length < end ? undefined : { first: bytes[at]!, payload: bytes.subarray(at + header, end), end };
}

/** All that a server answers. */
class Answers {
  #bytes = Buffer.alloc(0);
  #frames = 0;
  /** Where the frame begins that has not all come. */
  #at = 0;

  constructor(private readonly peer: RawPeer) {
    peer.socket.on('data', (bytes) => this.#take(bytes));
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Until so many frames have come, or no more can. */
  async are(count: number): Promise<void> {
    const { socket, closed } = this.peer;
    while (this.#frames < count && !socket.closed) await Promise.race([once(socket, 'data'), closed]);
  }

  #take(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    for (let next = frameAt(this.#bytes, this.#at); next !== undefined; next = frameAt(this.#bytes, this.#at)) {
      this.#frames += 1;
      this.#at = next.end;
    }
  }
}

/** Goes through the steps, and returns all that came back until the server ended the connection. */
export async function play(port: number, steps: readonly Step[]): Promise<Buffer> {
  const peer = await RawPeer.upgraded(port, '/');
  const answers = new Answers(peer);
  peer.socket.setNoDelay();
  for (const step of steps) {
    if (typeof step === 'number') await answers.are(step);
    else {
      peer.write(step);
      await setImmediate(); // the server reads it before the next one is written
    }
  }
  await peer.closed;
  if (!peer.socket.readableEnded) throw new Error('the connection was cut, not ended');
  return answers.bytes;
}

/** What a server has answered, frame by frame. */
export function framesOf(bytes: Buffer): string[] {
  const words: string[] = [];
  for (let next = frameAt(bytes, 0); next !== undefined; next = frameAt(bytes, next.end))
    words.push(inWords(next.first ^ FINAL, next.payload));
  return words;
}
