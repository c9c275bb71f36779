import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { burstFrame, noiseFrames, silentFrame } from './frames.js';

const NOISE = noiseFrames();
const SILENCE = silentFrame();
const BURST = burstFrame();
/** 30 ms of tone every 310 ms: no multiple of any chunk, so that bursts begin everywhere in one. */
const BURST_FRAMES = 3;
const BURST_EVERY_FRAMES = 31;
/** About 20 s of sound: what Egress holds back for a peer that does not read. */
const MOST_UNSENT_BYTES = 4 * 1024 * 1024;

export interface TrackOrder {
  readonly url: string;
  readonly sound: 'noise' | 'silence' | 'bursts';
  readonly session: string;
}

/** One track's socket: sends what an Egress handler sends, as bytes that were prepared before. */
export class TrackSender {
  sentFrames = 0;
  withheldFrames = 0;
  quiet = false;

  private constructor(
    private readonly socket: Socket,
    private readonly sound: TrackOrder['sound'],
    private readonly offset: number,
    private readonly onBurst: () => void,
  ) {}

  /**
   * Resolves when frames may be sent; rejects when the upgrade is refused.
   * @param offset where in its sound it begins, in frames, so that tracks differ
   * @param onBurst called when a frame that begins with a burst is about to be sent
   */
  static async open({ url, sound }: TrackOrder, offset: number, onBurst: () => void): Promise<TrackSender> {
    return new TrackSender(await openSocket(new URL(url)), sound, offset, onBurst);
  }

  send(): void {
    if (this.socket.writableLength > MOST_UNSENT_BYTES) {
      this.withheldFrames += 1;
      return;
    }
    this.socket.write(this.#next());
    this.sentFrames += 1;
  }

  #next(): Buffer {
    if (this.quiet) return SILENCE;
    const place = this.sentFrames + this.offset;
    if (this.sound === 'noise') return NOISE[place % NOISE.length]!;
    const inPeriod = place % BURST_EVERY_FRAMES;
    if (this.sound === 'silence' || inPeriod >= BURST_FRAMES) return SILENCE;
    if (inPeriod === 0) this.onBurst();
    return BURST;
  }
}

/** A socket on which WebSocket frames may be written: after the upgrade for `ws:`, at once for `tcp:`. */
async function openSocket(url: URL): Promise<Socket> {
  const socket = connect({ port: Number(url.port), host: url.hostname, noDelay: true });
  socket.on('error', () => socket.destroy());
  if (url.protocol === 'ws:') await upgrade(socket, url);
  else await once(socket, 'connect');
  socket.on('data', () => undefined); // a ping may stay unanswered for as long as a bench runs
  return socket;
}

async function upgrade(socket: Socket, { host, pathname, search }: URL): Promise<void> {
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n` +
      'Content-Type: audio/x-raw\r\n\r\n',
  );
  const answered = once(socket, 'data').then(([data]: unknown[]) => (data as Buffer).toString('latin1'));
  const closed = once(socket, 'close').then(() => 'no answer');
  const [status = ''] = (await Promise.race([answered, closed])).split('\r\n', 1);
  if (!status.includes(' 101 ')) throw new Error(`the upgrade was answered with: ${status}`);
}
