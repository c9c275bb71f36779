import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';

const ROOT = new URL('../../', import.meta.url);

/** The machine and the versions that a figure belongs to. */
export function describeMachine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    processors: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    date: new Date().toISOString(),
    versions: {
      roomscribe: `${packageVersion('package.json')}${commit()}`,
      node: process.version,
      ws: packageVersion('node_modules/ws/package.json'),
      go: firstLine('go', ['version']),
      rtcNode: packageVersion('node_modules/@livekit/rtc-node/package.json'),
      ffmpeg: firstLine('ffmpeg', ['-version']),
    },
  };
}

function packageVersion(path) {
  try {
    return JSON.parse(readFileSync(new URL(path, ROOT), 'utf8')).version;
  } catch {
    return null;
  }
}

function commit() {
  const hash = firstLine('git', ['-C', ROOT.pathname, 'rev-parse', '--short', 'HEAD']);
  return hash === null ? '' : ` (${hash})`;
}

function firstLine(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0];
  } catch {
    return null;
  }
}
