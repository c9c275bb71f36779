import { cleanText, shortened } from '../../libs/protocol/text.js';
import type { TranscriptMessage } from '../../libs/protocol/message.js';

/** The subtitle formats, with finals in order of speech. */
export const SUBTITLES = {
  vtt: { type: 'text/vtt', write: webVtt },
  srt: { type: 'application/x-subrip', write: subRip },
  txt: { type: 'text/plain', write: plainText },
} as const;

export type SubtitleForm = keyof typeof SUBTITLES;

/** Two lines of 42 columns are what people read at a glance, and what broadcasters allow. */
const COLUMNS = 42;
const LINES = 2;
/** Players refuse a cue that ends when it begins. */
const SHORTEST_CUE_MS = 500;
const NAME_GRAPHEMES = 64;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const words = new Intl.Segmenter(undefined, { granularity: 'word' });

interface Cue {
  readonly startMs: number;
  readonly endMs: number;
  readonly speaker: string;
  readonly lines: readonly string[];
}

function webVtt(finals: readonly TranscriptMessage[]): string {
  const cues = cuesOf(finals).map(
    ({ startMs, endMs, speaker, lines }, index) =>
      `${index + 1}\n${clock(startMs, '.')} --> ${clock(endMs, '.')}\n<v ${escaped(speaker)}>${lines.map(escaped).join('\n')}\n`,
  );
  return ['WEBVTT\n', ...cues].join('\n');
}

/** SubRip has no escapes: what players take for markup or for a time is written with characters that look alike. */
function subRip(finals: readonly TranscriptMessage[]): string {
  return cuesOf(finals, (speaker) => `${speaker}: `)
    .map(({ startMs, endMs, lines }, index) => {
      const text = unmarked(lines.join('\n'));
      return `${index + 1}\n${clock(startMs, ',')} --> ${clock(endMs, ',')}\n${text}\n`;
    })
    .join('\n');
}

function plainText(finals: readonly TranscriptMessage[]): string {
  return inOrder(finals)
    .map(
      (final) => `[${clock(final.startMs, '.').replace(/\.\d+$/, '')}] ${speakerOf(final)}: ${cleanText(final.text)}\n`,
    )
    .join('');
}

const inOrder = (finals: readonly TranscriptMessage[]) => [...finals].sort((a, b) => a.startMs - b.startMs);

const speakerOf = ({ speaker }: TranscriptMessage): string => {
  const name = cleanText(speaker?.name ?? '') || cleanText(speaker?.identity ?? '') || 'Unknown';
  return shortened(name, NAME_GRAPHEMES);
};

/** The cues of all finals, each begun with its prefix: a long one has several, whose times share its own by the length of their text. */
function cuesOf(finals: readonly TranscriptMessage[], prefix: (speaker: string) => string = () => ''): Cue[] {
  return inOrder(finals).flatMap((final) => {
    const speaker = speakerOf(final);
    const lines = linesOf(`${prefix(speaker)}${cleanText(final.text)}`);
    const length = lines.reduce((sum, line) => sum + line.length, 0);
    const startMs = Math.round(final.startMs);
    const durationMs = Math.max(SHORTEST_CUE_MS, Math.round(final.endMs) - startMs);
    const cues: Cue[] = [];
    for (let [at, written] = [0, 0]; at < lines.length; at += LINES) {
      const cueLines = lines.slice(at, at + LINES);
      const cueStartMs = startMs + Math.floor((durationMs * written) / length);
      written += cueLines.reduce((sum, line) => sum + line.length, 0);
      const endMs = Math.max(cueStartMs + 1, startMs + Math.floor((durationMs * written) / length));
      cues.push({ startMs: cueStartMs, endMs, speaker, lines: cueLines });
    }
    return cues;
  });
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
