import type { Message, TranscriptMessage } from '../../protocol/message.js';

const COLOURS = [36, 33, 35, 32, 34, 31];
const DIM = 2;

/** Writes the transcript as it comes: finals as lines, and on a terminal the sentence that is being said below them. */
export class TranscriptTerminal {
  readonly #colours = new Map<string, number>();
  #partial = '';

  constructor(private readonly out: NodeJS.WriteStream) {}

  show(message: Message): void {
    if (message.type === 'status') this.note(message.message);
    if (message.type !== 'transcript') return;
    if (!message.final) this.#showPartial(message);
    else if (message.text !== '') this.#line(`${this.#head(message)} ${message.text}`);
  }

  /** A line of our own. */
  note(text: string): void {
    this.#line(this.#paint(DIM, `· ${text}`));
  }

  #showPartial(message: TranscriptMessage): void {
    if (!this.out.isTTY) return;
    const room = Math.max(20, this.out.columns - 22);
    this.#clearPartial();
    this.#partial = `${this.#head(message)} ${this.#paint(DIM, message.text.slice(-room))}`;
    this.out.write(this.#partial);
  }

  #line(text: string): void {
    this.#clearPartial();
    this.out.write(`${text}\n`);
  }

  #clearPartial(): void {
    if (this.#partial !== '') this.out.write('\r\u001b[2K');
    this.#partial = '';
  }

  #head({ startMs, speaker }: TranscriptMessage): string {
    const seconds = (startMs / 1000).toFixed(1).padStart(6);
    const name = speaker?.name ?? '(unsure)';
    const colour = this.#colours.get(name) ?? COLOURS[this.#colours.size % COLOURS.length] ?? DIM;
    this.#colours.set(name, colour);
    return `${this.#paint(DIM, `${seconds} s`)}  ${this.#paint(colour, name.padEnd(8))}`;
  }

  #paint(code: number, text: string): string {
    return this.out.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}
