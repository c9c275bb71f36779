import { cleanText, shortened } from '../../libs/protocol/text.js';

/** What subtitles show: something that somebody said, or a stretch that is missing. */
export interface SubtitleEntry {
  readonly startMs: number;
  readonly endMs: number;
  /** Undefined for a gap. */
  readonly speaker: string | undefined;
  readonly text: string;
}

/** A subtitle format: its file is the head, then the entries in the order of speech. */
export interface SubtitleFormat {
  readonly type: string;
  readonly head: string;
  /** @param number of the first cue, counted from 1 @returns the text, and how many cues it has */
  readonly write: (entry: SubtitleEntry, number: number) => { readonly text: string; readonly cues: number };
}

export const SUBTITLE_FORMS = ['vtt', 'srt', 'txt'] as const;
export type SubtitleForm = (typeof SUBTITLE_FORMS)[number];

/** Two lines of 42 columns are what people read at a glance, and what broadcasters allow. */
const COLUMNS = 42;
const LINES = 2;
/** Players refuse a cue that ends when it begins. */
const SHORTEST_CUE_MS = 500;
const NAME_GRAPHEMES = 64;
const UNKNOWN = 'Unknown';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const words = new Intl.Segmenter(undefined, { granularity: 'word' });

interface Cue {
  readonly startMs: number;
  readonly endMs: number;
  readonly lines: readonly string[];
}

export const SUBTITLES: Readonly<Record<SubtitleForm, SubtitleFormat>> = {
  vtt: { type: 'text/vtt', head: 'WEBVTT\n', write: webVtt },
  srt: { type: 'application/x-subrip', head: '', write: subRip },
  txt: { type: 'text/plain', head: '', write: plainText },
};

function webVtt(entry: SubtitleEntry, number: number): ReturnType<SubtitleFormat['write']> {
  const voice = entry.speaker === undefined ? '' : `<v ${escaped(nameOf(entry.speaker))}>`;
  const cues = cuesOf(entry, textOf(entry)).map(
    ({ startMs, endMs, lines }, index) =>
      `\n${number + index}\n${clock(startMs, '.')} --> ${clock(endMs, '.')}\n${voice}${lines.map(escaped).join('\n')}\n`,
  );
  return { text: cues.join(''), cues: cues.length };
}

/** SubRip has no escapes: what players take for markup or for a time is written with characters that look alike. */
function subRip(entry: SubtitleEntry, number: number): ReturnType<SubtitleFormat['write']> {
  const prefix = entry.speaker === undefined ? '' : `${nameOf(entry.speaker)}: `;
  const cues = cuesOf(entry, `${prefix}${textOf(entry)}`).map(({ startMs, endMs, lines }, index) => {
    const [at, text] = [number + index, unmarked(lines.join('\n'))];
    return `${at === 1 ? '' : '\n'}${at}\n${clock(startMs, ',')} --> ${clock(endMs, ',')}\n${text}\n`;
  });
  return { text: cues.join(''), cues: cues.length };
}

function plainText(entry: SubtitleEntry): ReturnType<SubtitleFormat['write']> {
  const prefix = entry.speaker === undefined ? '' : `${nameOf(entry.speaker)}: `;
  const time = clock(entry.startMs, '.').replace(/\.\d+$/, '');
  return { text: `[${time}] ${prefix}${textOf(entry)}\n`, cues: 1 };
}

/** What is said of a gap stands in brackets, as captions put what is no speech. */
const textOf = ({ speaker, text }: SubtitleEntry): string =>
  speaker === undefined ? `[${cleanText(text)}]` : cleanText(text);

const nameOf = (speaker: string): string => shortened(cleanText(speaker) || UNKNOWN, NAME_GRAPHEMES);

/** The cues of an entry: a long one has several, whose times share its own by the length of their text. */
function cuesOf(entry: SubtitleEntry, text: string): Cue[] {
  const lines = linesOf(text);
  const length = lines.reduce((sum, line) => sum + line.length, 0);
  const startMs = Math.round(entry.startMs);
  const durationMs = Math.max(SHORTEST_CUE_MS, Math.round(entry.endMs) - startMs);
  const cues: Cue[] = [];
  for (let [at, written] = [0, 0]; at < lines.length; at += LINES) {
    const cueLines = lines.slice(at, at + LINES);
    const cueStartMs = startMs + Math.floor((durationMs * written) / length);
    written += cueLines.reduce((sum, line) => sum + line.length, 0);
    const endMs = Math.max(cueStartMs + 1, startMs + Math.floor((durationMs * written) / length));
    cues.push({ startMs: cueStartMs, endMs, lines: cueLines });
  }
  return cues;
}

/** Lines of at most 42 columns, broken between words of any script, and within one that is longer. */
function linesOf(text: string): string[] {
  const lines: string[] = [];
  let [line, width] = ['', 0];
  const end = (): void => {
    if (line.trim() !== '') lines.push(line.trim());
    [line, width] = ['', 0];
  };
  for (const { segment } of words.segment(text)) {
    const characters = [...graphemes.segment(segment)].map((each) => each.segment);
    if (width + characters.length > COLUMNS) end();
    for (const character of characters) {
      if (width === COLUMNS) end();
      line += character;
      width += 1;
    }
  }
  end();
  return lines;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const unmarked = (text: string): string =>
  text
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replaceAll('{', '(')
    .replaceAll('}', ')')
    .replaceAll(/(\d:\d{2})[.,](\d{2,3})/g, '$1‚$2');

/** `00:01:02.345`, with the decimal separator of the format. */
function clock(ms: number, point: '.' | ','): string {
  const digits = (value: number, width: number): string => String(Math.floor(value)).padStart(width, '0');
  const total = Math.round(ms);
  const time = [total / 3_600_000, (total / 60_000) % 60, (total / 1000) % 60].map((part) => digits(part, 2)).join(':');
  return `${time}${point}${digits(total % 1000, 3)}`;
}
