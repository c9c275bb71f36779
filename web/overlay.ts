import type { Transcript } from '../libs/client/index.js';
import { RecentLines, REDRAW_MS } from '../libs/client/recent-lines.js';
import { make, part } from './part.js';
import { speakerOf } from './rows.js';

/** The overlay view: the last two or three lines, large, each gone when it has stood for a while. */
export class Overlay {
  readonly #box = part('overlay-captions');
  readonly #recent = new RecentLines();
  #expiry: ReturnType<typeof setTimeout> | undefined;

  draw(transcript: Transcript, language: string, lineCount: number): void {
    clearTimeout(this.#expiry);
    const lines = this.#recent.of(transcript.segments, lineCount, language, performance.now());
    const elements = lines.map(({ segment, language: lang, text }) => {
      const element = make('p', { lang, dir: 'auto' });
      element.append(make('span', { textContent: `${speakerOf(segment)}: ${text}` }));
      return element;
    });
    this.#box.replaceChildren(...elements);
    if (lines.length > 0) this.#expiry = setTimeout(() => this.draw(transcript, language, lineCount), REDRAW_MS);
  }
}
