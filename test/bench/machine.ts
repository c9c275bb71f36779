import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';

/** The package's folder: the bench is run by npm. */
export const ROOT = process.cwd();

export type Machine = ReturnType<typeof describeMachine>;

/** The machine and the versions that a figure belongs to. */
export function describeMachine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    processors: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    date: new Date().toISOString(),
    versions: {
      roomscribe: `${packageVersion('package.json') ?? 'unknown'}${commit()}`,
      node: process.version,
      ws: packageVersion('node_modules/ws/package.json'),
      go: firstLine('go', ['version']),
      rtcNode: packageVersion('node_modules/@livekit/rtc-node/package.json'),
      ffmpeg: firstLine('ffmpeg', ['-version']),
    },
  };
}

function packageVersion(path: string): string | null {
  try {
    return (JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as { version: string }).version;
  } catch {
    return null;
  }
}

function commit(): string {
  const hash = firstLine('git', ['-C', ROOT, 'rev-parse', '--short', 'HEAD']);
  return hash === null ? '' : ` (${hash})`;
}

function firstLine(command: string, args: readonly string[]): string | null {
  try {
    const output = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return output.split('\n')[0] ?? null;
  } catch {
    return null;
  }
}
