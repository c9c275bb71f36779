import { spawnSync } from 'node:child_process';

/**
 * Who runs where: a process under test on one processor of its own, everything that loads it on the others. Without
 * `taskset` or with a single processor nothing is pinned, and `subject` is undefined.
 */
export class Processors {
  #all = allowed();

  constructor() {
    this.#loadOn(this.#all.slice(1));
  }

  get subject() {
    return this.#all.length < 2 ? undefined : this.#all[0];
  }

  /**
   * Two for processes under test, until `release`; `loadApart` says whether any is left for what loads them. Null where
   * there are no two.
   */
  forTwo() {
    if (this.#all.length < 2) return null;
    const subjects = this.#all.slice(0, 2);
    const rest = this.#all.slice(2);
    const loadApart = rest.length > 0;
    this.#loadOn(loadApart ? rest : subjects);
    return { subjects, loadApart, release: () => this.#loadOn(this.#all.slice(1)) };
  }

  /** Pins this process, and with it all that it starts without a processor of their own. */
  #loadOn(processors) {
    if (processors.length === 0) return;
    spawnSync('taskset', ['-a', '-c', '-p', processors.join(','), String(process.pid)]);
  }
}

/** The command line that runs `command` on one processor. */
export function pinned(processor, command) {
  return processor === undefined ? command : ['taskset', '-c', processor, ...command];
}

function allowed() {
  const { status, stdout } = spawnSync('taskset', ['-c', '-p', String(process.pid)], { encoding: 'utf8' });
  if (status !== 0) return [];
  const list = stdout.split(':').at(-1).trim();
  return list.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => String(first + i));
  });
}
