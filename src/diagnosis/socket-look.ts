import { z } from 'zod';
import type { MergedReport } from '../sessions/session-reports.port.js';
import type { SocketFacts } from './session-facts.js';

/** S16LE in two channels. */
const BYTES_PER_SAMPLE = 4;
/** A masked WebSocket frame of 126 bytes or more has so many before its payload. */
const HEADER_BYTES = 8;

const wireSchema = z.object({ frames: z.number(), bytesReceived: z.number(), codec: z.string() });

/** How much had come over each track's socket at a moment. Two such looks tell the rate; no frame is counted for it. */
export class SocketLook {
  readonly #atMs = performance.now();
  readonly #wires: ReadonlyMap<string, z.infer<typeof wireSchema>>;

  constructor(trackSids: Iterable<string>, report: MergedReport) {
    this.#wires = new Map(
      [...trackSids].flatMap((trackSid) => {
        const wire = wireSchema.safeParse(report.track(trackSid));
        return wire.success ? [[trackSid, wire.data] as const] : [];
      }),
    );
  }

  /** What came since an earlier look. Undefined where the track has no socket, or another one than then. */
  since(before: SocketLook, trackSid: string): SocketFacts | undefined {
    const then = before.#wires.get(trackSid);
    const now = this.#wires.get(trackSid);
    if (then === undefined || now === undefined || now.frames < then.frames) return undefined;
    const seconds = (this.#atMs - before.#atMs) / 1000;
    const frames = now.frames - then.frames;
    const framesPerS = Math.round(frames / seconds);
    if (now.codec !== 'pcm') return { framesPerS };
    const payload = now.bytesReceived - then.bytesReceived - frames * HEADER_BYTES;
    return { framesPerS, rateHz: Math.round(payload / BYTES_PER_SAMPLE / seconds) };
  }
}
