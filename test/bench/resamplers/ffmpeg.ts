import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STEREO_FRAMES } from './cpu-realtime.js';

const REPEATS = 600;
const IN = ['-stream_loop', String(REPEATS - 1), '-f', 's16le', '-ar', '48000', '-ac', '2'];
const OUT = ['-af', 'pan=mono|c0=0.5*c0+0.5*c1,aresample=16000', '-f', 'null', '-'];

/** ffmpeg's own count of its CPU time, with reading the file, as it must; null where there is no ffmpeg. */
export function ffmpegRealtime(): number | null {
  const folder = mkdtempSync(join(tmpdir(), 'roomscribe-bench-'));
  try {
    const file = join(folder, 'second.pcm');
    writeFileSync(file, Buffer.concat(STEREO_FRAMES.map((frame) => Buffer.from(frame.buffer))));
    const args = ['-hide_banner', '-nostdin', '-benchmark', '-threads', '1', ...IN, '-i', file, ...OUT];
    const ran = spawnSync('ffmpeg', args, { encoding: 'utf8' });
    if (ran.error !== undefined) return null;
    const [, user, system] = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(ran.stderr) ?? [];
    return user === undefined ? null : REPEATS / (Number(user) + Number(system));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
