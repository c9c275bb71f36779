import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AudioCursor } from './audio-cursor.js';
import { AudioLog } from './audio-log.js';
import { SpillFile, UnreadSpill } from './audio-spill.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

const MEMORY = 100;
const DISK = 250;

describe('AudioLog with a spill file', () => {
  let directory: string;
  let spill: UnreadSpill;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'spill-'));
  });
  afterEach(() => {
    spill.close();
    jest.restoreAllMocks();
    rmSync(directory, { recursive: true });
  });

  const open = (channels = 1, into = directory) => {
    const gaps: [number, number][] = [];
    spill = new UnreadSpill(new SpillFile(into, DISK, channels), () => cursor.position);
    const log = new AudioLog(MEMORY, channels, spill);
    const cursor = new AudioCursor(log, 0, (from, to) => void gaps.push([from, to]));
    let written = 0;
    const write = (samples: number): void => {
      log.write(Int16Array.from({ length: samples * channels }, (_, i) => written * channels + i));
      written += samples;
    };
    const read = (samples: number): number[] => [...cursor.read(Math.min(samples, cursor.available()))];
    return { log, cursor, gaps, write, read };
  };
  const count = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

  it.each([1, 3])('gives back every sample that memory and disk can hold (%i channels)', (channels) => {
    const { log, gaps, write, read } = open(channels);
    for (let i = 0; i < 34; i += 1) write(10);
    expect(log.start).toBe(0);
    for (let at = 0; at < 340; at += 17) expect(read(17)).toEqual(count(at * channels, (at + 17) * channels));
    expect(gaps).toEqual([]);
  });

  it('reports what fell out of both as a gap, and continues with the oldest that is kept', () => {
    const { gaps, write, read } = open();
    for (let i = 0; i < 50; i += 1) write(10);
    expect(read(200)).toEqual(count(150, 350));
    expect(gaps).toEqual([[0, 150]]);
    write(30);
    expect(read(1_000)).toEqual(count(350, 530));
  });

  it('writes nothing to disk while it is read in time, and starts again after that', () => {
    const { log, write, read, gaps } = open();
    for (let i = 0; i < 20; i += 1) {
      write(50);
      expect(read(50)).toHaveLength(50);
    }
    expect(log.start).toBe(900);
    for (let i = 0; i < 4; i += 1) write(50);
    expect(read(1_000)).toEqual(count(1_000, 1_200));
    expect(gaps).toEqual([]);
  });

  it('leaves no file in the directory', () => {
    const { write } = open();
    for (let i = 0; i < 20; i += 1) write(50);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('does without a disk that cannot be written, logs that once, and reports the gap', () => {
    const lines: unknown[] = [];
    jest.spyOn(Logger.prototype, 'error').mockImplementation((line: unknown) => void lines.push(line));
    const notADirectory = join(directory, 'file');
    writeFileSync(notADirectory, '');
    const { write, read, gaps } = open(1, notADirectory);
    for (let i = 0; i < 20; i += 1) write(10);
    expect(read(1_000)).toEqual(count(100, 200));
    expect(gaps).toEqual([[0, 100]]);
    expect(lines).toEqual([expect.stringContaining('AUDIO_LOG_DIR')]);
  });
});
