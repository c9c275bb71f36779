/**
 * `<roomscribe-captions>`: the last lines of a transcript, over a video or wherever it stands. Set its `transcript`; its
 * attributes are `language` (what to show translations in) and `lines` (how many, default 2). Style it from outside:
 * `roomscribe-captions::part(line)`, `::part(speaker)`, `::part(text)`.
 */
import { textOf, type Segment, type Transcript } from './index.js';
import { steady } from './steady.js';

const DEFAULT_LINES = 2;
/** A line disappears so long after its last change. */
const SHOWN_MS = 8_000;
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
  readonly #changedAtMs = new Map<string, { text: string; atMs: number }>();
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
    const nowMs = performance.now();
    const lines = this.#newest();
    const ids = new Set(lines.map(({ segmentId }) => segmentId));
    for (const id of this.#changedAtMs.keys()) if (!ids.has(id)) this.#changedAtMs.delete(id);
    const shown = lines.filter(({ segmentId, text }) => {
      const known = this.#changedAtMs.get(segmentId);
      const atMs = known?.text === text ? known.atMs : nowMs;
      this.#changedAtMs.set(segmentId, { text, atMs });
      return nowMs - atMs < SHOWN_MS;
    });
    this.#root.replaceChildren(...shown.map((segment) => this.#line(segment)));
    clearTimeout(this.#expiry);
    if (shown.length > 0 && this.isConnected) this.#expiry = setTimeout(() => this.#draw(), SHOWN_MS / 4);
  }

  #newest(): readonly Segment[] {
    const transcript = this.#transcript && steadied.get(this.#transcript);
    const count = Number(this.getAttribute('lines')) || DEFAULT_LINES;
    return (transcript?.segments ?? []).filter(({ text }) => text !== '').slice(-count);
  }

  #line(segment: Segment): HTMLElement {
    const { language, text } = textOf(segment, this.getAttribute('language') ?? undefined);
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
}

if (!customElements.get('roomscribe-captions')) customElements.define('roomscribe-captions', RoomscribeCaptions);
