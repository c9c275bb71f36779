import { textOf } from '../libs/client/index.js';
import { make } from './part.js';
import { speakerOf, type Row } from './rows.js';

const TONES = 6;
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** How rows are shown. */
export interface RowStyle {
  /** Empty: the original. */
  readonly language: string;
  /** Marked where it occurs. */
  readonly searched: string;
}

/** The colour of each speaker, in the order in which they are first drawn. */
const tones = new Map<string, number>();

function toneOf(identity: string): number {
  const tone = tones.get(identity) ?? tones.size % TONES;
  tones.set(identity, tone);
  return tone;
}

/** Fills a list item with a row. */
export function fillRow(item: HTMLLIElement, row: Row, { language, searched }: RowStyle): void {
  if ('gap' in row) {
    item.dataset['state'] = 'gap';
    item.replaceChildren(make('p', { textContent: row.gap.message }));
    return;
  }
  const { segment, isTurn } = row;
  item.dataset['state'] = segment.final ? 'final' : 'interim';
  item.dataset['tone'] = segment.speaker ? `${toneOf(segment.speaker.identity)}` : 'none';
  item.dataset['turn'] = `${isTurn}`;
  const shown = textOf(segment, language);
  const text = make('p', { lang: shown.language, dir: 'auto' });
  text.append(...marked(shown.text, searched));
  const speaker = make('strong', { textContent: speakerOf(segment), dir: 'auto' });
  const time = make('time', { dateTime: segment.startedAt, textContent: clock.format(new Date(segment.startedAt)) });
  item.replaceChildren(time, speaker, text);
}

function marked(text: string, searched: string): (string | HTMLElement)[] {
  const place = searched === '' ? -1 : text.toLowerCase().indexOf(searched.toLowerCase());
  if (place < 0) return [text];
  const end = place + searched.length;
  return [
    text.slice(0, place),
    make('mark', { textContent: text.slice(place, end) }),
    ...marked(text.slice(end), searched),
  ];
}
