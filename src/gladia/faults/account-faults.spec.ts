import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HttpFault } from '../../../libs/sandbox/gladia/faults.js';
import { TestGladiaServer } from '../gladia-server.spec-kit.js';
import { missing, settingsFor, TestStream } from '../stream.spec-kit.js';
import { timePasses, useVirtualTime } from '../../../libs/testing/virtual-time.spec-kit.js';
import { FaultBench } from './fault-bench.spec-kit.js';

useVirtualTime();

describe('faults of Gladia’s account and API', () => {
  let bench: FaultBench;

  beforeEach(async () => {
    bench = await FaultBench.start();
  });
  afterEach(() => bench.stop());

  const posts = () => bench.sandbox.requests.filter(({ method }) => method === 'POST').length;

  it('row 1: 429 for ever is no hot loop; the audio is kept, and what falls out is reported as a gap', async () => {
    bench.sandbox.options.maxSessions = 0;
    const speaker = bench.open({ audioLogS: 1 }, { backoff: { baseMs: 50, capMs: 200 } });
    speaker.write(75);
    await speaker.output.state('waiting-for-slot');
    await timePasses(500);
    expect(posts()).toBeLessThanOrEqual(10);
    bench.sandbox.options.maxSessions = Infinity;
    await speaker.output.state('live');
    await bench.until('what was kept', () => bench.kept().length === 16_000);
    expect(speaker.output.gaps).toEqual([{ startMs: 0, endMs: 500 }]);
  });

  it('row 10: what memory has no room for is kept on disk, where that is configured', async () => {
    bench.sandbox.options.maxSessions = 0;
    const spillDirectory = mkdtempSync(join(tmpdir(), 'spill-'));
    const speaker = bench.open({ audioLogS: 1, spillS: 10, spillDirectory }, { backoff: { baseMs: 20, capMs: 50 } });
    speaker.write(150);
    await speaker.output.state('waiting-for-slot');
    bench.sandbox.options.maxSessions = 1;
    await bench.allSound(speaker);
    expect(bench.audit(speaker)).toEqual({ lost: 0, duplicated: 0 });
    expect(speaker.output.gaps).toEqual([]);
    rmSync(spillDirectory, { recursive: true });
  });

  it('row 4: a request that hangs leaves one orphan at most, which is found and deleted', async () => {
    bench.sandbox.faults.posts.push('create-and-hang');
    bench.sandbox.options.tokenTtlMs = 2_500;
    const speaker = bench.open({}, { requestTimeoutMs: 800 });
    speaker.write(25);
    await speaker.output.state('live');
    expect(bench.sandbox.sessions()).toHaveLength(2);
    await bench.until('the orphan is gone', () => bench.sandbox.sessions().length === 1);
    expect(bench.sandbox.sessions()[0]!.connections).toBe(1);
    await bench.allSound(speaker);
  });

  it('row 4: orphans are also deleted when the stream ends before a request gets an answer', async () => {
    bench.sandbox.faults.posts.push('create-and-hang', 'create-and-hang', 'create-and-hang', 'create-and-hang');
    bench.sandbox.options.tokenTtlMs = 500;
    const speaker = bench.open({ drainTimeoutMs: 100 }, { requestTimeoutMs: 100 });
    speaker.write(25);
    await bench.until('two requests', () => posts() >= 2);
    speaker.stream.close();
    await speaker.output.state('ended');
    await bench.until('the orphans are gone', () => bench.sandbox.sessions().length === 0);
  });

  it('row 16: a session that expires early is followed by another, and the clock continues', async () => {
    bench.sandbox.options.maxSessionMs = 250;
    const speaker = bench.open();
    await speaker.output.state('live');
    for (let i = 0; i < 20; i += 1) {
      speaker.write(2);
      await timePasses(20);
    }
    bench.sandbox.options.maxSessionMs = 60_000;
    await bench.allSound(speaker);
    expect(bench.sandbox.sessions().length).toBeGreaterThan(1);
    expect(speaker.output.gaps).toEqual([]);
  });

  it.each<[string, HttpFault[]]>([
    ['404', [{ status: 404 }, { status: 404 }]],
    ['429', [{ status: 429 }]],
    ['an error', [{ status: 200, body: { status: 'error', error_code: 500, result: null } }]],
    ['a result without transcription', [{ status: 200, body: { status: 'done', result: {} } }]],
    ['no answer', ['reset']],
  ])('row 20: a result that is %s does not keep a session from ending, once', async (_, faults) => {
    bench.sandbox.options.post = 'noEndSession';
    bench.sandbox.faults.gets.push(...faults);
    const speaker = bench.open();
    speaker.write(25);
    await bench.allSound(speaker);
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(speaker.output.states.filter((state) => state === 'ended')).toHaveLength(1);
  });

  it('row 20: a session is deleted at Gladia as soon as that is possible, after it has ended', async () => {
    bench.sandbox.faults.deletes.push({ status: 403 }, { status: 403 });
    const speaker = bench.open({ deletes: true });
    speaker.write(25);
    await speaker.output.state('live');
    speaker.stream.close();
    await speaker.output.state('ended');
    await bench.until('the deletion', () => bench.sandbox.sessions().length === 0);
  });

  it.each(['relative', 'elsewhere'] as const)('row 22: an address that is %s', async (sessionUrl) => {
    bench.sandbox.options.sessionUrl = sessionUrl;
    const speaker = bench.open();
    speaker.write(10);
    if (sessionUrl === 'relative') return speaker.output.state('live');
    await speaker.output.state('reconnecting');
    expect(speaker.output.reasons.join()).toContain('GLADIA_SOCKET_HOSTS');
    expect(bench.kept()).toEqual([]);
    return undefined;
  });

  it('row 24: a slot that becomes free late is waited for in order, and nothing is lost', async () => {
    Object.assign(bench.sandbox.options, { maxSessions: 1, slotLingersMs: 300 });
    const first = bench.open({}, { backoff: { baseMs: 20, capMs: 60 } });
    first.write(10);
    await first.output.state('live');
    const others = [0, 1].map(() => bench.openBeside(first));
    for (const other of others) other.write(25);
    await others[0]!.output.state('waiting-for-slot');
    first.stream.close();
    await others[0]!.output.state('live');
    expect(others[1]!.stream.report.state).toBe('waiting-for-slot');
    others[0]!.stream.close();
    await others[1]!.output.state('live');
    others[1]!.stream.close();
    await others[1]!.output.state('ended');
    const sessions = bench.sandbox.sessions().filter(({ connections }) => connections > 0);
    expect(sessions.map(({ keptBytes }) => keptBytes)).toEqual([6_400, 16_000, 16_000]);
    expect(others.flatMap(({ output }) => output.gaps)).toEqual([]);
  });

  it.each([
    ['a closed port', (_: string) => 'ws://127.0.0.1:1/v2/live'],
    ['a host that does not exist', (_: string) => 'ws://gladia.invalid/v2/live'],
    ['TLS where there is none', (origin: string) => origin.replace('http', 'wss')],
  ])('row 5: a socket that leads to %s is tried four times, then another session is created', async (_, urlOf) => {
    const server = await new TestGladiaServer().start();
    const right = server.socketUrl;
    server.socketUrl = (origin, id) => (id === 'session-0' ? urlOf(origin) : right(origin, id));
    const speaker = new TestStream(settingsFor(server.origin, { socketHosts: ['gladia.invalid'] }));
    speaker.write(25);
    try {
      await server.when('the audio', () => missing(server.sessions[1]?.kept ?? [], speaker.written) === 0);
      expect(server.sessions).toHaveLength(2);
    } finally {
      speaker.stream.abort();
      await server.stop();
    }
  });
});
