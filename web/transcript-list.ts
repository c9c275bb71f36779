import { textOf, type Segment, type Transcript } from '../libs/client/index.js';
import { make, partAs } from './part.js';
import { fillRow, type RowStyle } from './row-element.js';
import { rowsOf, type Row } from './rows.js';

/** How many rows the document has at first; more are added on demand, so that a message costs the same at any length. */
const FIRST_ROWS = 120;
const MORE_ROWS = 200;
const NEAR_BOTTOM_PX = 80;

interface DrawnRow {
  readonly item: HTMLLIElement;
  readonly row: Row;
  readonly style: RowStyle;
}

/** The transcript view: the last rows, or those that a search finds. It follows the talk until it is paused or scrolled. */
export class TranscriptList {
  readonly #list = partAs('lines', HTMLOListElement);
  readonly #latest = partAs('latest', HTMLButtonElement);
  readonly #earlier = partAs('earlier', HTMLButtonElement);
  readonly #items = new Map<string, DrawnRow>();
  #transcript: Transcript | undefined;
  #style: RowStyle = { language: '', searched: '' };
  #most = FIRST_ROWS;
  /** While paused: how many segments there were. */
  #pausedAt: number | undefined;
  #isFollowing = true;

  constructor() {
    this.#earlier.addEventListener('click', () => this.#showEarlier());
    this.#latest.addEventListener('click', () => this.resume());
    window.addEventListener('scroll', () => this.#onScroll(), { passive: true });
  }

  get isPaused(): boolean {
    return this.#pausedAt !== undefined;
  }

  show(transcript: Transcript): void {
    this.#transcript = transcript;
    this.#most = FIRST_ROWS;
    this.#pausedAt = undefined;
    this.draw();
  }

  restyle(style: Partial<RowStyle>): void {
    this.#style = { ...this.#style, ...style };
    this.draw();
  }

  pause(): void {
    this.#pausedAt = this.#segments().length;
    this.draw();
  }

  resume(): void {
    this.#pausedAt = undefined;
    this.#isFollowing = true;
    this.#most = FIRST_ROWS;
    this.draw();
  }

  /** @returns how many rows a search finds; undefined without one */
  draw(): number | undefined {
    const segments = this.#segments();
    const { searched, language } = this.#style;
    const upTo = this.#pausedAt ?? segments.length;
    const found =
      searched === '' ? segments.slice(0, upTo) : segments.filter((each) => contains(each, language, searched));
    const shown = found.slice(-this.#most);
    this.#earlier.hidden = shown.length === found.length;
    const gaps = searched === '' && !this.isPaused ? (this.#transcript?.gaps ?? []) : [];
    this.#drawRows(rowsOf(shown, gaps, shown.length < found.length ? shown[0]?.startMs : 0));
    if (this.#isFollowing && !this.isPaused) window.scrollTo(0, document.body.scrollHeight);
    this.#showNew(segments.length - upTo);
    return searched === '' ? undefined : found.length;
  }

  #segments(): readonly Segment[] {
    return (this.#transcript?.segments ?? []).filter(({ text }) => text !== '');
  }

  #drawRows(rows: readonly Row[]): void {
    const ids = new Set(rows.map(({ id }) => id));
    for (const [id, { item }] of this.#items) {
      if (ids.has(id)) continue;
      item.remove();
      this.#items.delete(id);
    }
    rows.forEach((row, place) => {
      const known = this.#items.get(row.id);
      const item = known?.item ?? make('li');
      if (!known || !isSame(known.row, row) || known.style !== this.#style) fillRow(item, row, this.#style);
      this.#items.set(row.id, { item, row, style: this.#style });
      const there = this.#list.children[place];
      if (there !== item) this.#list.insertBefore(item, there ?? null);
    });
  }

  #showEarlier(): void {
    const heightPx = document.body.scrollHeight;
    this.#isFollowing = false;
    this.#most += MORE_ROWS;
    this.draw();
    window.scrollBy(0, document.body.scrollHeight - heightPx);
  }

  #onScroll(): void {
    this.#isFollowing = window.innerHeight + window.scrollY >= document.body.scrollHeight - NEAR_BOTTOM_PX;
    if (!this.isPaused) this.#latest.hidden = this.#isFollowing;
  }

  #showNew(count: number): void {
    this.#latest.textContent = this.isPaused ? `${count} new: go on` : 'Jump to the latest';
    this.#latest.hidden = this.isPaused ? count === 0 : this.#isFollowing;
  }
}

/** Segments and gaps are never changed, only replaced. */
const isSame = (a: Row, b: Row): boolean =>
  'gap' in a ? 'gap' in b : 'segment' in b && a.segment === b.segment && a.isTurn === b.isTurn;

const contains = (segment: Segment, language: string, searched: string): boolean =>
  textOf(segment, language).text.toLowerCase().includes(searched.toLowerCase());
