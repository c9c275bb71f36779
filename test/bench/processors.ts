import { spawnSync } from 'node:child_process';

export interface ProcessorPair {
  readonly subjects: readonly [string, string];
  /** Whether any processor is left for the load. */
  readonly loadApart: boolean;
  readonly release: () => void;
}

/**
 * Who runs where: a process under test on one processor of its own, everything that loads it on the others. Without
 * `taskset` or with a single processor nothing is pinned, and `subject` is undefined.
 */
export class Processors {
  readonly #all = allowed();

  constructor() {
    this.#loadOn(this.#all.slice(1));
  }

  get subject(): string | undefined {
    return this.#all.length < 2 ? undefined : this.#all[0];
  }

  /** Two for processes under test, until `release`. Null where there are no two. */
  forTwo(): ProcessorPair | null {
    const [first, second, ...rest] = this.#all;
    if (first === undefined || second === undefined) return null;
    const loadApart = rest.length > 0;
    this.#loadOn(loadApart ? rest : [first, second]);
    return { subjects: [first, second], loadApart, release: () => this.#loadOn(this.#all.slice(1)) };
  }

  /** Pins this process, and with it all that it starts without a processor of their own. */
  #loadOn(processors: readonly string[]): void {
    if (processors.length === 0) return;
    spawnSync('taskset', ['-a', '-c', '-p', processors.join(','), String(process.pid)]);
  }
}

/** The command line that runs `command` on one processor. */
export function pinned(processor: string | undefined, command: readonly string[]): readonly string[] {
  return processor === undefined ? command : ['taskset', '-c', processor, ...command];
}

/** The processors that this process may use, as `taskset` prints them: `0-3,6`. */
function allowed(): string[] {
  const { status, stdout } = spawnSync('taskset', ['-c', '-p', String(process.pid)], { encoding: 'utf8' });
  if (status !== 0) return [];
  const list = stdout.split(':').at(-1) ?? '';
  return list
    .trim()
    .split(',')
    .flatMap((part) => {
      const [first = NaN, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => String(first + i));
    });
}
