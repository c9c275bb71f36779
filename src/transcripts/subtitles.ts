import type { TranscriptMessage } from '../../libs/protocol/message.js';

/** The subtitle formats, with finals in order of speech. */
export const SUBTITLES = {
  vtt: { type: 'text/vtt', write: webVtt },
  srt: { type: 'application/x-subrip', write: subRip },
  txt: { type: 'text/plain', write: plainText },
} as const;

export type SubtitleForm = keyof typeof SUBTITLES;

function webVtt(finals: readonly TranscriptMessage[]): string {
  const cues = inOrder(finals).map(
    ({ startMs, endMs, speaker, text }, index) =>
      `${index + 1}\n${clock(startMs, '.')} --> ${clock(endMs, '.')}\n<v ${escaped(speaker?.name ?? 'Unknown')}>${escaped(text)}\n`,
  );
  return ['WEBVTT\n', ...cues].join('\n');
}

function subRip(finals: readonly TranscriptMessage[]): string {
  return inOrder(finals)
    .map(
      (final, index) => `${index + 1}\n${clock(final.startMs, ',')} --> ${clock(final.endMs, ',')}\n${spoken(final)}\n`,
    )
    .join('\n');
}

function plainText(finals: readonly TranscriptMessage[]): string {
  return inOrder(finals)
    .map((final) => `[${clock(final.startMs, '.').slice(0, 8)}] ${spoken(final)}\n`)
    .join('');
}

const inOrder = (finals: readonly TranscriptMessage[]) => [...finals].sort((a, b) => a.startMs - b.startMs);

const spoken = ({ speaker, text }: TranscriptMessage): string => `${speaker?.name ?? 'Unknown'}: ${text}`;

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/\s*\n\s*/g, ' ');

/** `00:01:02.345`, with the decimal separator of the format. */
function clock(ms: number, point: '.' | ','): string {
  const digits = (value: number, width: number): string => String(Math.floor(value)).padStart(width, '0');
  const total = Math.round(ms);
  const time = [total / 3_600_000, (total / 60_000) % 60, (total / 1000) % 60].map((part) => digits(part, 2)).join(':');
  return `${time}${point}${digits(total % 1000, 3)}`;
}
