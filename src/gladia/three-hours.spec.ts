import { describe, expect, it } from '@jest/globals';
import { SAMPLE_RATE_HZ, msToSamples } from '../media/audio-format.js';
import { AudioCursor } from '../audio-log/audio-cursor.js';
import { AudioLog } from '../audio-log/audio-log.js';
import type { ResumeOffset } from './gladia-server.spec-kit.js';
import { AudioSender } from './stream/audio-sender.js';
import { EngineClock } from './resume/engine-clock.js';

const STEP_MS = 200;
const STEP = msToSamples(STEP_MS);
const HOURS = 3;
const DROP_EVERY_S = 600;
const LONG_OUTAGE_EVERY_S = 3_000;
const UNACKNOWLEDGED_S = 2;
const RIGHT_TO_SAMPLES = msToSamples(50);
/** How much faster the sender's wall clock runs than its audio. */
const DRIFT = 200e-6;

/** Gladia, reduced to what it counts: which sample of ours is the nth that it kept. */
class CountingServer {
  readonly kept: { readonly at: number; readonly position: number; readonly samples: number }[] = [];
  count = 0;
  acknowledged = 0;
  counter = 0;

  constructor(private readonly mode: ResumeOffset) {}

  resume(): void {
    if (this.mode === 'acked') {
      this.count = this.acknowledged;
      while ((this.kept.at(-1)?.at ?? -1) >= this.count) this.kept.pop();
    }
    this.counter = this.mode === 'reset' ? 0 : this.count;
  }

  take(position: number, samples: number): readonly [number, number] {
    this.kept.push({ at: this.count, position, samples });
    const start = this.counter * 2;
    this.count += samples;
    this.counter += samples;
    return [start, this.counter * 2];
  }
}

describe('three hours of audio', () => {
  it.each<ResumeOffset>(['received', 'acked', 'reset'])(
    'are mapped to the right log positions over resumes and gaps, however the server counts (%s)',
    (mode) => {
      const log = new AudioLog(msToSamples(120_000));
      const gaps: number[] = [];
      const cursor = new AudioCursor(log, 0, (from, to) => void gaps.push(to - from));
      const clock = new EngineClock(0, () => cursor.position);
      const server = new CountingServer(mode);
      const silence = new Int16Array(STEP);
      let nowMs = 0;
      let sender = new AudioSender({ cursor, clock, chunkSamples: STEP, nowMs });
      let checked = 0;
      let worst = 0;
      const connect = (): void => {
        const { oldestOutstanding } = sender.acknowledgments;
        if (oldestOutstanding !== undefined) cursor.rewind(oldestOutstanding);
        server.resume();
        sender = new AudioSender({ cursor, clock, chunkSamples: STEP, nowMs });
      };
      const send = (isAcknowledged: boolean): void => {
        const before = cursor.position;
        let sent: readonly [number, number] | undefined;
        const socket = {
          bufferedBytes: 0,
          sendAudio: (samples: Int16Array) => {
            sent = server.take(Math.max(before, cursor.position - samples.length), samples.length);
          },
        };
        sender.pump(socket, Infinity, nowMs);
        if (sent === undefined || !isAcknowledged) return;
        sender.acknowledge(...sent);
        server.acknowledged = server.count;
      };
      const check = (): void => {
        const newest = server.kept.at(-1);
        if (newest === undefined || sender.acknowledgments.serverOffset === undefined) return;
        const found = clock.logPosition(newest.at + newest.samples / 2);
        worst = Math.max(worst, Math.abs(found - newest.position - newest.samples / 2));
        checked += 1;
      };
      for (let s = 0; s < HOURS * 3_600; s += STEP_MS / 1000) {
        log.write(silence);
        nowMs += STEP_MS * (1 + DRIFT);
        const sinceDrop = s % DROP_EVERY_S;
        const isAway = s % LONG_OUTAGE_EVERY_S > LONG_OUTAGE_EVERY_S - 150;
        if (!isAway) send(sinceDrop < DROP_EVERY_S - UNACKNOWLEDGED_S);
        if (sinceDrop + STEP_MS / 1000 >= DROP_EVERY_S) connect();
        if (Math.round(s / 0.2) % 50 === 0 && !isAway) check();
      }
      expect(checked).toBeGreaterThan(900);
      expect(worst).toBeLessThanOrEqual(RIGHT_TO_SAMPLES);
      expect(gaps.length).toBeGreaterThanOrEqual(3);
      expect(log.end).toBe(HOURS * 3_600 * SAMPLE_RATE_HZ);
    },
  );
});
