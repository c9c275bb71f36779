import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A question for the figures, as a helper receives it beside its other messages. */
export interface FiguresQuestion {
  readonly figures?: true;
}

/**
 * A helper in a process of its own, which takes messages and answers questions for its figures. It runs on the processors
 * of its parent, and ends with it.
 */
export class HelperProcess<Message extends object, Figures, Ready = unknown> {
  readonly #child: ChildProcess;

  private constructor(
    child: ChildProcess,
    /** The first message of the helper. */
    readonly ready: Ready,
  ) {
    this.#child = child;
  }

  /** Resolves with the helper when it has sent its first message. */
  static async start<Message extends object, Figures, Ready = unknown>(
    program: URL,
    args: readonly string[] = [],
  ): Promise<HelperProcess<Message, Figures, Ready>> {
    const child = fork(fileURLToPath(program), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const [ready] = (await once(child, 'message')) as [Ready];
    return new HelperProcess(child, ready);
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  send(message: Message): void {
    this.#child.send(message);
  }

  /** What it has counted up to now. */
  async figures(question?: Message): Promise<Figures> {
    const asked: FiguresQuestion = { ...question, figures: true };
    this.#child.send(asked);
    while (this.#child.connected) {
      const [message] = (await once(this.#child, 'message')) as [{ readonly figures?: Figures }];
      if (message.figures !== undefined) return message.figures;
    }
    throw new Error('the helper ended');
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

/** From the helper to the process that started it. */
export function sendToParent(message: unknown): void {
  process.send?.(message);
}
