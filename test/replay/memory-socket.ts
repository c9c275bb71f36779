import { AsyncLocalStorage } from 'node:async_hooks';
import { Socket } from 'node:net';
import { ProcessScope } from './process-scope.js';

type Done = (error?: Error | null) => void;

/** One end of a connection that never leaves this process. Its time-outs are those of the virtual clock. */
export class MemorySocket extends Socket {
  #peer: MemorySocket | undefined;
  #written: Done | undefined;
  #idle: NodeJS.Timeout | undefined;
  #idleMs = 0;
  #abandoned = false;
  readonly #inOwnContext = AsyncLocalStorage.snapshot();

  constructor(allowHalfOpen: boolean) {
    super({ allowHalfOpen });
    Object.defineProperties(this, { remoteAddress: { value: '127.0.0.1' }, pending: { value: false } });
    ProcessScope.current?.onKill(() => this.abandon());
  }

  connectTo(peer: MemorySocket): void {
    this.#peer = peer;
    peer.#peer = this;
  }

  /** The process at this end is killed: the other end sees a reset, this one sees nothing more. */
  abandon(): void {
    this.#abandoned = true;
    const peer = this.#peer;
    this.#peer = undefined;
    if (peer !== undefined) peer.#reset();
  }

  override resetAndDestroy(): this {
    const peer = this.#peer;
    this.#peer = undefined;
    if (peer !== undefined) peer.#reset();
    return this.destroy();
  }

  override setTimeout(ms: number, callback?: () => void): this {
    Object.assign(this, { timeout: ms });
    this.#idleMs = ms;
    if (callback !== undefined && ms > 0) this.once('timeout', callback);
    else if (callback !== undefined) this.off('timeout', callback);
    this.#stirs();
    return this;
  }

  /** Nothing here keeps the process alive. */
  override ref(): this {
    return this;
  }

  override unref(): this {
    return this;
  }

  override _read(): void {
    const written = this.#written;
    this.#written = undefined;
    written?.();
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: Done): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk);
    this.#stirs();
    const peer = this.#peer;
    if (peer === undefined) done();
    else process.nextTick(() => peer.#inOwnContext(() => peer.#receive(bytes, done)));
  }

  override _writev(chunks: { chunk: Buffer | string; encoding: BufferEncoding }[], done: Done): void {
    const all = chunks.map(({ chunk, encoding }) =>
      typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk),
    );
    this._write(Buffer.concat(all), 'utf8', done);
  }

  override _final(done: Done): void {
    this.#endPeer();
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    clearTimeout(this.#idle);
    this.#endPeer();
    this.#written?.();
    super._destroy(error, done);
  }

  #endPeer(): void {
    const peer = this.#peer;
    if (peer === undefined) return;
    process.nextTick(() => peer.#inOwnContext(() => peer.#end()));
  }

  #end(): void {
    if (this.#abandoned || this.destroyed || this.readableEnded) return;
    this.push(null);
  }

  #receive(bytes: Buffer, done: Done): void {
    if (this.#abandoned || this.destroyed || this.readableEnded) {
      done();
      return;
    }
    this.#stirs();
    if (this.push(bytes)) done();
    else this.#written = done;
  }

  #reset(): void {
    process.nextTick(() =>
      this.#inOwnContext(() => this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))),
    );
  }

  #stirs(): void {
    clearTimeout(this.#idle);
    if (this.#idleMs > 0 && !this.destroyed) this.#idle = setTimeout(() => this.emit('timeout'), this.#idleMs);
  }
}
