import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOM, SandboxedService } from './sandboxed-service.js';

const schemathesis = process.env['SCHEMATHESIS_BIN'];
const fuzzed = schemathesis === undefined && process.env['CI'] !== 'true' ? it.skip : it;
if (schemathesis === undefined) {
  process.stderr.write(
    'skipped: fuzzing by the API description needs schemathesis; set SCHEMATHESIS_BIN to its binary\n',
  );
}

const FUZZING_WITHIN_MS = 600_000;
/** What openapi-typescript writes for parts of HTTP that an operation does not have, and sections that are empty. */
const HARMLESS_NEVER =
  /^ *(?:(?:query|header|path|cookie|requestBody|get|put|post|delete|options|head|patch|trace)\?: never|(?:responses|parameters|requestBodies|headers|pathItems): never|export type (?:webhooks|\$defs) = Record<string, never>);$/;

interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the API’s description', () => {
  let world: SandboxedService;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'roomscribe-api-'));
    file = join(folder, 'openapi.json');
    world = await SandboxedService.start({}, { AUTO_START: 'off' });
    const document: unknown = await (await fetch(`${world.service.url}/docs-json`)).json();
    writeFileSync(file, JSON.stringify(document, null, 2));
  });
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (command: string, ...args: string[]): Promise<Run> => {
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [[exitCode], stdout, stderr] = await Promise.all([
      once(child, 'close') as Promise<[number | null]>,
      text(child.stdout),
      text(child.stderr),
    ]);
    return { exitCode, stdout, stderr };
  };
  const runTool = (name: string, ...args: string[]): Promise<Run> => run(resolve('node_modules/.bin', name), ...args);
  const findings = ({ exitCode, stdout, stderr }: Run): string => (exitCode === 0 ? '' : stdout + stderr);

  it('has no error for Redocly’s linter', async () => {
    const linted = await runTool('redocly', 'lint', file, '--extends', 'recommended', '--format', 'json');
    const { totals } = JSON.parse(linted.stdout) as { totals: object };
    expect([findings(linted), totals]).toEqual(['', expect.objectContaining({ errors: 0, ignored: 0 })]);
  });

  it('gives a TypeScript client a type for every answer', async () => {
    const types = join(folder, 'api.d.ts');
    expect(findings(await runTool('openapi-typescript', file, '--output', types))).toBe('');
    const lines = readFileSync(types, 'utf8').split('\n');
    const nevers = lines.filter((line, index) => {
      const isEmptyAnswer =
        /^ *content\?: never;$/.test(line) && lines.slice(0, index).findLast(isStatus)?.includes('204:');
      return /\bnever\b/.test(line.replace(/\/\*.*?\*\//, '')) && !HARMLESS_NEVER.test(line) && isEmptyAnswer !== true;
    });
    expect(nevers).toEqual([]);
    expect(findings(await runTool('tsc', '--noEmit', '--strict', types))).toBe('');
  });

  // The events of a session that goes on do not end, so nothing that waits for a whole answer can read them.
  fuzzed(
    'is kept, whatever schemathesis sends',
    async () => {
      const { id } = await world.api.post<{ id: string }>('/sessions', { room: ROOM });
      await world.api.post(`/sessions/${id}/live`);
      const config = join(folder, 'schemathesis.toml');
      writeFileSync(config, fuzzingConfig(id));
      const { exitCode, stdout } = await run(
        schemathesis ?? 'SCHEMATHESIS_BIN is not set',
        ...['--config-file', config, 'run', file, '--url', world.service.url],
        ...['--header', `Authorization: Bearer ${world.token}`, '--exclude-operation-id', 'getEvents'],
        ...['--max-examples', '10', '--seed', '1', '--request-timeout', '20'],
      );
      expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/\d+ generated, \d+ passed/)]);
    },
    FUZZING_WITHIN_MS,
  );
});

const isStatus = (line: string): boolean => /^ *\d{3}: \{$/.test(line);

/** A session that is live for those who read it, and for a segment, whose order of times no JSON schema can tell. */
const fuzzingConfig = (id: string): string => `
[warnings]
enabled = false

[[operations]]
include-operation-id = ["getSession", "getTranscript", "getSubtitles"]
parameters = { "path.id" = "${id}" }

[[operations]]
include-operation-id = "addSegment"
parameters = { "path.id" = "${id}" }
[operations.checks.positive_data_acceptance]
enabled = false
`;
