import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import { Acknowledger } from './acknowledger.js';
import type { SocketFault } from './faults.js';
import type { LiveConnection } from './outbox.js';
import { refusal } from './messages.js';
import type { GladiaSession } from './session.js';

/** One WebSocket of a session. */
export class LiveSocket implements LiveConnection {
  readonly openedAt = Date.now();
  receivedBytes = 0;
  receivedFrames = 0;
  #isSilent = false;
  #hasStopped = false;
  readonly #acknowledger: Acknowledger;

  constructor(
    private readonly socket: WebSocket,
    private readonly connection: Socket,
    private readonly session: GladiaSession,
    private readonly fault: SocketFault | undefined,
  ) {
    const { options, timers, intake } = session;
    const send = (message: Parameters<typeof session.outbox.send>[0]): void => {
      if (this.isOpen) session.outbox.send(message);
    };
    this.#acknowledger = new Acknowledger(options, intake.format.bytesPerSecond, timers, send);
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on('close', (code) => session.detach(this, code));
    socket.on('error', () => undefined);
    this.#keepPinging();
    if (fault && fault.afterBytes === undefined) this.#injectAfter(fault.afterMs ?? 0, fault.then);
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  send(text: string | Buffer): void {
    if (this.isOpen && !this.#isSilent) this.socket.send(text);
  }

  sendRaw(bytes: Buffer): void {
    this.connection.write(bytes);
  }

  close(code: number, reason: string): void {
    this.session.sockets.delete(this);
    this.socket.close(code, reason);
  }

  destroy(): void {
    this.session.sockets.delete(this);
    this.socket.terminate();
  }

  fallSilent(): void {
    this.#isSilent = true;
    this.socket.pause();
  }

  stopReading(forMs: number): void {
    this.socket.pause();
    this.session.timers.after(forMs, () => this.socket.resume());
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    this.receivedFrames++;
    const bytes = Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
    if (bytes.length > this.session.options.frameLimitBytes) {
      this.close(1009, 'Frame too large');
      return;
    }
    if (isBinary) {
      this.#onAudio(bytes);
      return;
    }
    const action = readAction(bytes.toString());
    if (action?.type === 'stop_recording') {
      this.#onStop();
      return;
    }
    const audio = action && audioChunkOf(action);
    if (audio) {
      this.#onAudio(audio);
      return;
    }
    this.#complain();
  }

  #onAudio(frame: Buffer): void {
    const { session } = this;
    this.receivedBytes += frame.length;
    session.touch();
    if (!session.takesAudio || this.#hasStopped) {
      this.#refuse('Recording has been stopped');
      return;
    }
    const { loseEveryNthFrame } = session.options;
    if (loseEveryNthFrame > 0 && this.receivedFrames % loseEveryNthFrame === 0) return;
    const chunk = session.intake.receive(frame);
    if (!chunk) {
      this.#refuse('The chunk must contain complete frames');
      return;
    }
    const isKeptLate = session.options.resumeOffset === 'acked';
    if (!isKeptLate) session.addAudio(chunk);
    this.#acknowledger.acknowledge(chunk, () => {
      if (isKeptLate && this.isOpen) session.addAudio(chunk);
    });
    this.#injectAtLimit(frame.length);
  }

  #injectAtLimit(lastBytes: number): void {
    const { fault, receivedBytes } = this;
    if (fault?.afterBytes === undefined) return;
    if (receivedBytes < fault.afterBytes || receivedBytes - lastBytes >= fault.afterBytes) return;
    if (fault.afterMs === undefined) this.#inject(fault.then);
    else this.#injectAfter(fault.afterMs, fault.then);
  }

  /** Waits for the acknowledgments that are under way, so that all sound before the stop counts. */
  #onStop(): void {
    this.#hasStopped = true;
    this.session.timers.after(this.session.options.ackDelayMs, () => this.session.stop());
  }

  #refuse(reason: string): void {
    this.session.outbox.send(refusal('audio_chunk', reason));
  }

  #complain(): void {
    const message = 'Unknown message';
    const { errorFrame } = this.session.options;
    if (errorFrame === 'ack') this.#refuse(message);
    if (errorFrame === 'skill') {
      this.session.outbox.send({ flag: 'receive_errors', type: 'error', data: { code: 400, message } });
    }
  }

  #injectAfter(delayMs: number, then: SocketFault['then']): void {
    this.session.timers.after(delayMs, () => this.#inject(then));
  }

  #inject(then: SocketFault['then']): void {
    if (typeof then === 'object') {
      this.close(then.close, then.reason ?? '');
      return;
    }
    if (then === 'silence') {
      this.fallSilent();
      return;
    }
    if (then === 'deaf') {
      this.socket.pause();
      return;
    }
    if (then === 'reset') this.connection.resetAndDestroy();
    this.destroy();
  }

  #keepPinging(): void {
    const { pingEveryMs } = this.session.options;
    if (pingEveryMs === 0) return;
    this.session.timers.after(pingEveryMs, () => {
      if (!this.isOpen) return;
      if (!this.#isSilent) this.socket.ping();
      this.#keepPinging();
    });
  }
}

/** A text message of the client. */
interface ClientAction {
  readonly type: unknown;
  readonly data?: unknown;
}

function readAction(text: string): ClientAction | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && 'type' in value
      ? { type: value.type, data: 'data' in value ? value.data : undefined }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The audio of an `audio_chunk`; an empty chunk is no audio, but it is one. */
function audioChunkOf({ type, data }: ClientAction): Buffer | undefined {
  if (type !== 'audio_chunk' || !isObject(data) || !('chunk' in data)) return undefined;
  return typeof data.chunk === 'string' ? Buffer.from(data.chunk, 'base64') : undefined;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
