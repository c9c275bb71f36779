import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** @typedef {{ subjects: readonly string[] | null, load: string | null, count: number }} Processors */

/**
 * Who runs where: each process under test on one processor of its own, everything that loads it on the others.
 * Without `taskset` or with a single processor nothing is pinned, and `subjects` is null.
 * @returns {Processors}
 */
export function shareProcessors() {
  const all = allowed();
  if (all.length < 2) return { subjects: null, load: null, count: availableParallelism() };
  const subjects = all.slice(0, all.length > 2 ? 2 : 1);
  const load = all.slice(subjects.length).join(',');
  pinSelf(load);
  return { subjects, load, count: all.length };
}

/** The command line that runs `command` on one processor. */
export function pinned(processor, command) {
  return processor === undefined ? command : ['taskset', '-c', processor, ...command];
}

/** This process and all that it starts without a processor of their own. */
function pinSelf(list) {
  spawnSync('taskset', ['-a', '-c', '-p', list, String(process.pid)]);
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
