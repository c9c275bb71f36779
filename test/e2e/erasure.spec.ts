import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isFinal, messagesTo } from '../room-messages.js';
import { ROOM, SandboxedService } from './sandboxed-service.js';

const SEGMENTS = 40;
const WORDS = 25;

/** A thousand words that stand nowhere else. */
const planted = (segment: number): string =>
  Array.from({ length: WORDS }, (_, word) => `planted${segment}x${word}zebra`).join(' ');
const countIn = (text: string): number => text.match(/planted\d+x\d+zebra/g)?.length ?? 0;

describe('a session that is erased', () => {
  let world: SandboxedService;
  let snapshots: string;

  beforeEach(async () => {
    snapshots = mkdtempSync(join(tmpdir(), 'roomscribe-heap-'));
    const options = `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${snapshots}`;
    world = await SandboxedService.start({}, { NODE_OPTIONS: options });
  });
  afterEach(async () => {
    await world.close();
    rmSync(snapshots, { recursive: true });
  });

  const onDisk = (): number =>
    readdirSync(world.folder)
      .map((name) => countIn(readFileSync(join(world.folder, name), 'latin1')))
      .reduce((sum, count) => sum + count, 0);
  /** How many of the words are in the service's heap, after a collection. */
  const inMemory = async (): Promise<number> => {
    process.kill(world.service.pid, 'SIGUSR2');
    for (;;) {
      const [name] = readdirSync(snapshots);
      // While it writes the snapshot it answers nothing.
      await world.api.get('/health/live');
      if (name === undefined) continue;
      const count = countIn(readFileSync(join(snapshots, name), 'latin1'));
      rmSync(join(snapshots, name));
      return count;
    }
  };

  it('leaves none of a thousand words in the files and in the memory of the process', async () => {
    const room = world.livekit.room(ROOM);
    const speaker = room.join({ identity: 'demo', name: 'Demo' });
    const { id } = await world.until(({ status }) => status === 'live');
    for (let segment = 0; segment < SEGMENTS; segment++)
      await world.api.post(`/sessions/${id}/transcript`, { final: true, text: planted(segment) });
    await world.api.post(`/sessions/${id}/end`);
    await world.until(({ status }) => status === 'ended');
    expect(messagesTo(speaker).filter(isFinal)).toHaveLength(SEGMENTS);
    expect(onDisk()).toBeGreaterThanOrEqual(SEGMENTS * WORDS);
    expect(await inMemory()).toBeGreaterThan(0);

    const headers = { Authorization: `Bearer ${world.token}` };
    const response = await fetch(`${world.service.url}/sessions/${id}`, { method: 'DELETE', headers });
    expect(response.status).toBe(204);
    expect(onDisk()).toBe(0);
    expect(await inMemory()).toBe(0);
  });
});
