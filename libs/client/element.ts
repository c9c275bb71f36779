/**
 * `<roomscribe-captions>`: the last lines of a transcript, over a video or wherever it stands. Set its `transcript`; its
 * attributes are `language` (what to show translations in) and `lines` (how many, default 2). Style it from outside:
 * `roomscribe-captions::part(line)`, `::part(speaker)`, `::part(text)`.
 */
import type { Transcript } from './index.js';
import { RecentLines, REDRAW_MS, type CaptionLine } from './recent-lines.js';
import { steady } from './steady.js';

const DEFAULT_LINES = 2;
const STYLE = `
:host { display: block; font: 600 1.25rem/1.4 system-ui, sans-serif; color: #fff }
:host([hidden]) { display: none }
p { margin: 0 0 .2em; width: fit-content; max-width: 100%; padding: .1em .5em; background: #000c; border-radius: .25em; overflow-wrap: anywhere }
span:first-child { opacity: .85; margin-inline-end: .4em }
span:first-child:empty { display: none }
`;

/** One per transcript: whichever elements show it, its interims are steadied once. */
const steadied = new WeakMap<Transcript, Transcript>();

declare global {
  interface HTMLElementTagNameMap {
    'roomscribe-captions': RoomscribeCaptions;
  }
}

export class RoomscribeCaptions extends HTMLElement {
  static readonly observedAttributes = ['language', 'lines'];
  readonly #root = this.attachShadow({ mode: 'open' });
  readonly #recent = new RecentLines();
  #transcript: Transcript | undefined;
  #unsubscribe: (() => void) | undefined;
  #expiry: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
  }

  /** What is shown; the element does not close it. */
  get transcript(): Transcript | undefined {
    return this.#transcript;
  }

  set transcript(transcript: Transcript | undefined) {
    this.disconnectedCallback();
    this.#transcript = transcript;
    if (this.isConnected) this.connectedCallback();
  }

  connectedCallback(): void {
    const transcript = this.#transcript;
    if (transcript && !this.#unsubscribe) {
      const shown = steadied.get(transcript) ?? steady(transcript);
      steadied.set(transcript, shown);
      this.#unsubscribe = shown.subscribe(() => this.#draw());
    }
    this.#draw();
  }

  disconnectedCallback(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    clearTimeout(this.#expiry);
  }

  attributeChangedCallback(): void {
    this.#draw();
  }

  #draw(): void {
    const segments = (this.#transcript && steadied.get(this.#transcript))?.segments ?? [];
    const count = Number(this.getAttribute('lines')) || DEFAULT_LINES;
    const language = this.getAttribute('language') ?? undefined;
    const lines = this.#recent.of(segments, count, language, performance.now());
    this.#root.replaceChildren(...lines.map(elementOf));
    clearTimeout(this.#expiry);
    if (lines.length > 0 && this.isConnected) this.#expiry = setTimeout(() => this.#draw(), REDRAW_MS);
  }
}

function elementOf({ segment, language, text }: CaptionLine): HTMLElement {
  const [speaker, words] = [document.createElement('span'), document.createElement('span')];
  speaker.setAttribute('part', 'speaker');
  speaker.textContent = segment.speaker ? `${segment.speaker.name || segment.speaker.identity}:` : '';
  words.setAttribute('part', 'text');
  Object.assign(words, { lang: language, dir: 'auto', textContent: text });
  const line = document.createElement('p');
  line.setAttribute('part', 'line');
  line.append(speaker, words);
  return line;
}

if (!customElements.get('roomscribe-captions')) customElements.define('roomscribe-captions', RoomscribeCaptions);
