import { textOf, type Transcript } from '../libs/client/index.js';
import { make, part } from './part.js';
import { speakerOf } from './rows.js';

/** A line goes so long after its last change. */
const SHOWN_MS = 8_000;

/** The overlay view: the last two or three lines, large, each gone when it has stood for a while. */
export class Overlay {
  readonly #box = part('overlay-captions');
  readonly #changed = new Map<string, { readonly text: string; readonly atMs: number }>();
  #expiry: ReturnType<typeof setTimeout> | undefined;

  draw(transcript: Transcript, language: string, lineCount: number): void {
    clearTimeout(this.#expiry);
    const nowMs = performance.now();
    const lines = transcript.segments
      .slice(-lineCount * 2)
      .filter(({ text }) => text !== '')
      .slice(-lineCount);
    const ids = new Set(lines.map(({ segmentId }) => segmentId));
    for (const id of this.#changed.keys()) if (!ids.has(id)) this.#changed.delete(id);
    const shown = lines.flatMap((segment) => {
      const { text, language: lang } = textOf(segment, language);
      const known = this.#changed.get(segment.segmentId);
      const atMs = known?.text === text ? known.atMs : nowMs;
      this.#changed.set(segment.segmentId, { text, atMs });
      if (nowMs - atMs >= SHOWN_MS) return [];
      const line = make('p', { lang, dir: 'auto' });
      line.append(make('span', { textContent: `${speakerOf(segment)}: ${text}` }));
      return [line];
    });
    this.#box.replaceChildren(...shown);
    if (shown.length > 0) {
      this.#expiry = setTimeout(() => this.draw(transcript, language, lineCount), SHOWN_MS / 4);
    }
  }
}
