import { createHash } from 'node:crypto';
import { isInput, type Json, type JsonObject, type Line, type TimedInput } from './recording.js';

const DIGEST_CHARACTERS = 12;
const SOUND_LINE_MS = 1_000;

interface SoundSent {
  readonly fromMs: number;
  readonly fromByte: number;
  readonly hash: ReturnType<typeof createHash>;
  bytes: number;
  chunks: number;
}

/** Writes down, in order, what went into the service and what came out of it. */
export class Outcome {
  readonly #lines: Line[] = [];
  readonly #sound = new Map<number, SoundSent>();
  readonly #bytesSent = new Map<number, number>();

  constructor(private readonly nowMs: () => number) {}

  /** @param at when it began, if not now */
  input(input: TimedInput): void {
    this.#lines.push(input);
  }

  output(out: string, details: JsonObject): void {
    this.#lines.push({ at: this.nowMs(), out, ...details });
  }

  /** Sound for the engine. A line holds a second of it: how much, where it begins, and what it is, by its digest. */
  sound(socket: number, bytes: Uint8Array): void {
    const now = this.nowMs();
    const before = this.#bytesSent.get(socket) ?? 0;
    this.#bytesSent.set(socket, before + bytes.length);
    const known = this.#sound.get(socket);
    if (known !== undefined && now - known.fromMs >= SOUND_LINE_MS) this.endSound();
    const running = this.#sound.get(socket) ?? this.#beginSound(socket, now, before);
    running.hash.update(`${now - running.fromMs}:${bytes.length}:`).update(bytes);
    running.bytes += bytes.length;
    running.chunks += 1;
  }

  /** Everything, in order: of one moment first what goes in, then what comes out, by kind. */
  get lines(): Line[] {
    this.endSound();
    const moments: Line[][] = [];
    for (const line of this.#lines) {
      if (moments.at(-1)?.at(-1)?.at === line.at) moments.at(-1)?.push(line);
      else moments.push([line]);
    }
    return moments.flatMap((moment) => moment.sort((a, b) => compare(kindOf(a), kindOf(b))));
  }

  #beginSound(socket: number, fromMs: number, fromByte: number): SoundSent {
    const sent = { fromMs, fromByte, hash: createHash('sha256'), bytes: 0, chunks: 0 };
    this.#sound.set(socket, sent);
    return sent;
  }

  /** The line of sound that is being made is over. */
  endSound(): void {
    const ended = [...this.#sound].sort(([, a], [, b]) => a.fromMs - b.fromMs);
    this.#sound.clear();
    for (const [socket, { fromMs, fromByte, hash, bytes, chunks }] of ended) {
      const sha256 = hash.digest('hex').slice(0, DIGEST_CHARACTERS);
      this.#lines.push({ at: fromMs, out: 'sound', socket, fromByte, bytes, chunks, sha256 });
    }
  }
}

const kindOf = (line: Line): string => (isInput(line) ? '' : line.out);
const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** Text that is its own compact JSON, as JSON; other text as it is. */
export function readable(text: string): Json {
  try {
    const parsed = JSON.parse(text) as Json;
    return typeof parsed !== 'string' && JSON.stringify(parsed) === text ? parsed : text;
  } catch {
    return text;
  }
}
