import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const HAS_PROC = existsSync('/proc/self/stat');
const TICKS_PER_SECOND = HAS_PROC ? Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) : 0;
/** Counted from the state, the first field after the command's name. */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** User and system time of a process, all its threads, in seconds. Resolution: 10 ms. */
export function cpuSeconds(pid: number): number {
  if (!HAS_PROC) return secondsOf(ps(pid, 'time'));
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
}

/** Resident memory in bytes. */
export function residentBytes(pid: number): number {
  if (!HAS_PROC) return Number(ps(pid, 'rss')) * 1024;
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`process ${pid} has no memory: it has ended`);
  return Number(kilobytes) * 1024;
}

/** Open file descriptors; null where the system does not say. */
export const descriptors = (pid: number): number | null => (HAS_PROC ? readdirSync(`/proc/${pid}/fd`).length : null);

const ps = (pid: number, column: 'time' | 'rss'): string =>
  execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();

/** `1:02.03` and `01:01:02` are minutes and hours before seconds. */
const secondsOf = (time: string): number => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
