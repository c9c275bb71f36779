import { fork, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { withTimeout } from '../async/with-timeout.js';
import { FrameReader } from './frame-codec.js';
import { FRAMES_FD, type ConnectionMessage, type TrackMessage, type FromChild, type ToChild } from './messages.js';
import { ProcessWatch, type ProcessFault, type MemoryLimit } from './process-watch.js';

const LEAVE_WITHIN_MS = 1_000;

/** Told of what becomes of one presence in a room. */
export interface RoomConnectionListener {
  onMessage(message: ConnectionMessage): void;
  /** The process is to be replaced: what it does still works when it leaks, and does not when it hangs. */
  unwell(illness: ProcessFault): void;
  /** The process is gone. */
  gone(): void;
}

/** Told of what comes of one track. */
export interface TrackListener {
  onMessage(message: TrackMessage): void;
  write(samples: Int16Array): void;
}

/** One child process that is in rooms for us. It is told what to do, and its sound is handed on as it comes. */
export class ParticipantProcess {
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #watch: ProcessWatch;
  readonly #presences = new Map<number, RoomConnectionListener>();
  readonly #tracks = new Map<number, TrackListener>();
  #numbers = 0;
  #unusable = false;

  /** @param program the child's main module */
  constructor(program: string, limit: MemoryLimit) {
    this.#child = fork(program, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'], execArgv: [] });
    this.#watch = new ProcessWatch(limit, (illness) => this.#unwell(illness));
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', resolve);
      this.#child.once('error', resolve);
    }).then(() => this.#gone());
    this.#child.on('message', (message: FromChild) => this.#take(message));
    this.#readFrames();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get connections(): number {
    return this.#presences.size;
  }

  get residentBytes(): number {
    return this.#watch.residentBytes;
  }

  /** Whether it takes no more rooms. */
  get needsReplacement(): boolean {
    return this.#watch.fault !== undefined || this.#unusable;
  }

  /** Whether it cannot do anything, as no process of this installation could. */
  get isUnusable(): boolean {
    return this.#unusable;
  }

  addConnection(listener: RoomConnectionListener): number {
    const number = ++this.#numbers;
    this.#presences.set(number, listener);
    return number;
  }

  removeConnection(number: number): void {
    this.#presences.delete(number);
  }

  addTrack(listener: TrackListener): number {
    const number = ++this.#numbers;
    this.#tracks.set(number, listener);
    return number;
  }

  /** What still comes of it is not heard. */
  removeTrack(number: number): void {
    this.#tracks.delete(number);
  }

  send(message: ToChild): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Lets it leave its rooms and ends it, for certain. Idempotent; resolves when it is gone. */
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

  #take(message: FromChild): void {
    this.#watch.recordActivity();
    if (message.kind === 'alive') this.#watch.recordMemory(message.residentBytes);
    else if (message.kind === 'unusable') this.#fail();
    else if ('presence' in message) this.#presences.get(message.presence)?.onMessage(message);
    else this.#tracks.get(message.track)?.onMessage(message);
  }

  #fail(): void {
    this.#unusable = true;
    this.#child.kill('SIGKILL');
  }

  #unwell(illness: ProcessFault): void {
    for (const presence of [...this.#presences.values()]) presence.unwell(illness);
  }

  #gone(): void {
    this.#watch.close();
    const presences = [...this.#presences.values()];
    this.#presences.clear();
    this.#tracks.clear();
    for (const presence of presences) presence.gone();
  }
}
