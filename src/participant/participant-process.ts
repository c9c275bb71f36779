import { fork, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { withTimeout } from '../async/with-timeout.js';
import { FrameReader } from './frame-codec.js';
import { FRAMES_FD, type ConnectionMessage, type TrackMessage, type FromChild, type ToChild } from './messages.js';
import { ProcessWatch, type ProcessFault, type MemoryLimit } from './process-watch.js';
import { childEnvironment } from '../config/child-environment.js';

const LEAVE_WITHIN_MS = 1_000;

/** Receives what a process reports about one connection to a room. */
export interface RoomConnectionListener {
  onMessage(message: ConnectionMessage): void;
  /** The process is to be replaced. Its connections still work when it leaks, not when it hangs. */
  onFault(fault: ProcessFault): void;
  /** The process has ended. */
  onExit(): void;
}

/** Receives what a process reports about one track, and its audio. */
export interface TrackListener {
  onMessage(message: TrackMessage): void;
  write(samples: Int16Array): void;
}

/** One child process that is in rooms: passes messages to it, and its messages and audio to the listeners. */
export class ParticipantProcess {
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #watch: ProcessWatch;
  readonly #connections = new Map<number, RoomConnectionListener>();
  readonly #tracks = new Map<number, TrackListener>();
  #numbers = 0;
  #unusable = false;

  /** @param program the child's main module */
  constructor(program: string, limit: MemoryLimit) {
    this.#child = fork(program, [], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'],
      execArgv: [],
      env: childEnvironment(),
    });
    this.#watch = new ProcessWatch(limit, (fault) => this.#onFault(fault));
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', resolve);
      this.#child.once('error', resolve);
    }).then(() => this.#onExit());
    this.#child.on('message', (message: FromChild) => this.#onMessage(message));
    this.#readFrames();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get connections(): number {
    return this.#connections.size;
  }

  get residentBytes(): number {
    return this.#watch.residentBytes;
  }

  /** Whether it accepts no more rooms and is to be replaced. */
  get needsReplacement(): boolean {
    return this.#watch.fault !== undefined || this.#unusable;
  }

  /** Whether LiveKit's client cannot be loaded, in this process or any other of this installation. */
  get isUnusable(): boolean {
    return this.#unusable;
  }

  addConnection(listener: RoomConnectionListener): number {
    const number = ++this.#numbers;
    this.#connections.set(number, listener);
    return number;
  }

  removeConnection(number: number): void {
    this.#connections.delete(number);
  }

  addTrack(listener: TrackListener): number {
    const number = ++this.#numbers;
    this.#tracks.set(number, listener);
    return number;
  }

  /** Later messages and audio of the track are ignored. */
  removeTrack(number: number): void {
    this.#tracks.delete(number);
  }

  send(message: ToChild): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Lets the process leave its rooms, then ends it in any case. Idempotent; resolves when it has ended. */
  async close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await withTimeout(this.ended, this.#watch.fault === 'hung' ? 0 : LEAVE_WITHIN_MS, undefined);
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  #readFrames(): void {
    const frames = this.#child.stdio[FRAMES_FD] as Readable;
    const reader = new FrameReader((track, samples) => this.#tracks.get(track)?.write(samples));
    frames.on('data', (chunk: Buffer) => {
      this.#watch.recordActivity();
      try {
        reader.read(chunk);
      } catch {
        this.#child.kill('SIGKILL');
      }
    });
    frames.on('error', () => undefined);
  }

  #onMessage(message: FromChild): void {
    this.#watch.recordActivity();
    if (message.kind === 'alive') this.#watch.recordMemory(message.residentBytes);
    else if (message.kind === 'unusable') this.#fail();
    else if ('connection' in message) this.#connections.get(message.connection)?.onMessage(message);
    else this.#tracks.get(message.track)?.onMessage(message);
  }

  #fail(): void {
    this.#unusable = true;
    this.#child.kill('SIGKILL');
  }

  #onFault(fault: ProcessFault): void {
    for (const connection of [...this.#connections.values()]) connection.onFault(fault);
  }

  #onExit(): void {
    this.#watch.close();
    const connections = [...this.#connections.values()];
    this.#connections.clear();
    this.#tracks.clear();
    for (const connection of connections) connection.onExit();
  }
}
