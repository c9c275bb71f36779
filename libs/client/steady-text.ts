/**
 * The text of one interim as it is drawn. Recognisers change their mind about words that people have read already: a new
 * word is drawn at once, but a drawn word is replaced only when the recogniser has stood by the new one for HOLD_MS. What
 * it means until then is shown by the final.
 */
const HOLD_MS = 500;

/** A word; in scripts without spaces a character. */
const WORD =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[^\s\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]+/gu;
const WITHOUT_SPACES = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;

interface Word {
  readonly shown: string;
  /** What makes it another word: not its case, nor punctuation. */
  readonly key: string;
}

/** A word of the newest interim, and since when the recogniser has stood by it, in milliseconds of the caller's clock. */
interface Incoming extends Word {
  readonly sinceMs: number;
}

/** Two words that are the same, by their places in two texts. */
type Match = readonly [number, number];

export class SteadyText {
  #drawn: readonly Word[] = [];
  #incoming: readonly Incoming[] = [];

  /** The text that is drawn now. */
  get text(): string {
    return this.#drawn
      .map(({ shown }) => (WITHOUT_SPACES.test(shown) ? shown : ` ${shown}`))
      .join('')
      .trimStart();
  }

  /** Takes the text of the next interim. */
  take(text: string, nowMs: number): void {
    const words = wordsOf(text);
    const known = new Map(
      matchesOf(this.#incoming, words).map(([before, now]) => [now, this.#incoming[before]?.sinceMs]),
    );
    this.#incoming = words.map((word, place) => ({ ...word, sinceMs: known.get(place) ?? nowMs }));
    this.redraw(nowMs);
  }

  /** Draws what has stood for long enough by now. @returns when to draw again; undefined: not before the next interim */
  redraw(nowMs: number): number | undefined {
    const [drawn, incoming] = [this.#drawn, this.#incoming];
    const next: Word[] = [];
    let [fromDrawn, fromIncoming] = [0, 0];
    for (const [inDrawn, inIncoming] of [...matchesOf(drawn, incoming), [drawn.length, incoming.length] as const]) {
      const old = drawn.slice(fromDrawn, inDrawn);
      const revised = incoming.slice(fromIncoming, inIncoming);
      next.push(...chosen(old, revised, inDrawn === drawn.length, nowMs), ...drawn.slice(inDrawn, inDrawn + 1));
      [fromDrawn, fromIncoming] = [inDrawn + 1, inIncoming + 1];
    }
    this.#drawn = next;
    const youngestMs = Math.max(...incoming.map(({ sinceMs }) => sinceMs));
    return youngestMs + HOLD_MS > nowMs ? youngestMs + HOLD_MS : undefined;
  }
}

/** What is drawn of a stretch that the recogniser has revised. */
function chosen(old: readonly Word[], revised: readonly Incoming[], isLast: boolean, nowMs: number): readonly Word[] {
  const isCertain = revised.length > 0 && revised.every(({ sinceMs }) => nowMs - sinceMs >= HOLD_MS);
  if (isCertain) return revised;
  return isLast ? [...old, ...revised.slice(old.length)] : old;
}

const wordsOf = (text: string): Word[] =>
  (text.match(WORD) ?? []).map((shown) => ({ shown, key: shown.toLowerCase().replace(/\p{P}/gu, '') || shown }));

/** The longest common subsequence of two texts. */
function matchesOf(before: readonly Word[], now: readonly Word[]): Match[] {
  const width = now.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  const isSame = (row: number, column: number): boolean => before[row]?.key === now[column]?.key;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = now.length - 1; column >= 0; column -= 1) {
      const place = row * width + column;
      lengths[place] = isSame(row, column)
        ? lengths[place + width + 1]! + 1
        : Math.max(lengths[place + width]!, lengths[place + 1]!);
    }
  }
  const matches: Match[] = [];
  for (let [row, column] = [0, 0]; row < before.length && column < now.length;) {
    if (isSame(row, column)) matches.push([row++, column++]);
    else if (lengths[(row + 1) * width + column]! >= lengths[row * width + column + 1]!) row += 1;
    else column += 1;
  }
  return matches;
}
