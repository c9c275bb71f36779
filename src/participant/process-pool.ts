import { ParticipantProcess } from './participant-process.js';
import type { MemoryLimit } from './process-watch.js';

export interface PoolOptions extends MemoryLimit {
  /** The child's main module. */
  readonly program: string;
  readonly roomsPerProcess: number;
}

/** How long a process without a room is kept for the next room. */
const IDLE_MS = 10_000;

/** The child processes: as many as the rooms need, each with a bounded number of rooms. */
export class ProcessPool {
  readonly #processes = new Set<ParticipantProcess>();
  #closed = false;

  constructor(private readonly options: PoolOptions) {}

  get processes(): readonly ParticipantProcess[] {
    return [...this.#processes];
  }

  get connections(): number {
    return this.processes.reduce((sum, { connections }) => sum + connections, 0);
  }

  /** A healthy process that can join one more room. Undefined when the pool is closed. */
  acquire(): ParticipantProcess | undefined {
    if (this.#closed) return undefined;
    const { roomsPerProcess } = this.options;
    return this.processes.find((each) => !each.needsReplacement && each.connections < roomsPerProcess) ?? this.#start();
  }

  /** A connection has left the process. Without connections it ends: at once when it is to be replaced, else after a while. */
  release(process: ParticipantProcess): void {
    if (process.connections > 0) return;
    if (process.needsReplacement) return void process.close();
    setTimeout(() => {
      if (process.connections === 0) void this.#end(process);
    }, IDLE_MS).unref();
  }

  /** Ends all processes. Idempotent; resolves when they have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.processes.map(async (process) => process.close()));
  }

  #start(): ParticipantProcess {
    const process = new ParticipantProcess(this.options.program, this.options);
    this.#processes.add(process);
    void process.ended.then(() => this.#processes.delete(process));
    return process;
  }

  async #end(process: ParticipantProcess): Promise<void> {
    this.#processes.delete(process);
    await process.close();
  }
}
