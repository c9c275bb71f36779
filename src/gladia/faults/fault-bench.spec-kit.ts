import { startGladiaSandbox, type GladiaSandbox } from '../../../libs/sandbox/gladia/gladia-sandbox.js';
import { timePasses } from '../../../libs/testing/virtual-time.spec-kit.js';
import type { GladiaSandboxOptions } from '../../../libs/sandbox/gladia/options.js';
import { missing, settingsFor, TestStream } from '../stream.spec-kit.js';

const WAV_HEADER_BYTES = 44;

type Rest<T extends unknown[]> = T extends [string, ...infer More] ? More : never;

/** A stream to the fake Gladia of the sandbox, judged by the audio that arrived there. */
export class FaultBench {
  readonly #streams: TestStream[] = [];

  private constructor(readonly sandbox: GladiaSandbox) {}

  static async start(options: Partial<GladiaSandboxOptions> = {}): Promise<FaultBench> {
    return new FaultBench(await startGladiaSandbox({ ackDelayMs: 5, finalDelayMs: 20, postDelayMs: 20, ...options }));
  }

  open(...args: Rest<Parameters<typeof settingsFor>>): TestStream {
    return this.#opened(new TestStream(settingsFor(this.sandbox.url, ...args)));
  }

  /** Another stream of the same account and process. */
  openBeside({ client }: TestStream): TestStream {
    return this.#opened(new TestStream(settingsFor(this.sandbox.url), client));
  }

  /** All audio that Gladia kept, session after session. */
  kept(): number[] {
    return this.sandbox.sessions().flatMap(({ id }) => {
      const wav = this.sandbox.wavOf(id);
      return Array.from({ length: (wav.length - WAV_HEADER_BYTES) / 2 }, (_, i) =>
        wav.readInt16LE(WAV_HEADER_BYTES + 2 * i),
      );
    });
  }

  /** Resolves when all audio has arrived. Compares only when more has come: a comparison takes time. */
  async allSound(speaker: TestStream): Promise<void> {
    let comparedBytes = -1;
    await this.until('all audio', () => {
      const keptBytes = this.sandbox.sessions().reduce((sum, session) => sum + session.keptBytes, 0);
      if (keptBytes === comparedBytes) return false;
      comparedBytes = keptBytes;
      return this.audit(speaker).lost === 0;
    });
  }

  /** Samples that were sent and never arrived, and those that arrived more than once. */
  audit({ written }: TestStream): { lost: number; duplicated: number } {
    const kept = this.kept();
    const lost = missing(kept, written);
    return { lost, duplicated: kept.length - (written - lost) };
  }

  /** Resolves when it holds; checks every few milliseconds, since the sandbox does not report its changes. */
  async until(what: string, holds: () => boolean, withinMs = 15_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!holds()) {
      if (performance.now() > deadline) throw new Error(`timed out waiting for: ${what}`);
      await timePasses(5);
    }
  }

  #opened(stream: TestStream): TestStream {
    this.#streams.push(stream);
    return stream;
  }

  async stop(): Promise<void> {
    for (const { stream } of this.#streams) stream.abort();
    await this.sandbox.close();
  }
}
