import type { FinalMode } from './options.js';
import type { Utterance } from './recogniser/utterance.js';
import type { SessionRequest } from './session-request.js';

type MessageFlag = keyof SessionRequest['messages_config'];

/** A message to the client before its envelope; `flag` is what the client must have asked for. */
export interface OutgoingMessage {
  readonly flag: MessageFlag;
  readonly type: string;
  readonly [field: string]: unknown;
}

/** An utterance in the service's form; seconds of audio received. */
export interface GladiaUtterance {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly language: string;
  readonly confidence: number;
  readonly channel: number;
  readonly words?: readonly { word: string; start: number; end: number; confidence: number }[];
}

export const seconds = (ms: number): number => Math.round(ms) / 1000;
const twoDigits = (confidence: number): number => Math.round(confidence * 100) / 100;

export function toGladia(
  utterance: Utterance,
  channel: number,
  language: string,
  leadingSpace: boolean,
): GladiaUtterance {
  const lead = leadingSpace ? ' ' : '';
  const words = utterance.words.map((word) => ({
    word: `${lead}${word.text}`,
    start: seconds(word.startMs),
    end: seconds(word.endMs),
    confidence: twoDigits(word.confidence),
  }));
  return {
    text: lead + utterance.words.map((word) => word.text).join(' '),
    start: seconds(utterance.startMs),
    end: seconds(utterance.endMs),
    language: utterance.language ?? language,
    confidence: twoDigits(utterance.confidence),
    channel,
    words,
  };
}

/** `CC_NNNNNNNN`: channel and counter. */
export const utteranceId = (channel: number, count: number): string =>
  `${String(channel).padStart(2, '0')}_${String(count).padStart(8, '0')}`;

export const transcript = (id: string, isFinal: boolean, utterance: GladiaUtterance): OutgoingMessage => ({
  flag: isFinal ? 'receive_final_transcripts' : 'receive_partial_transcripts',
  type: 'transcript',
  data: { id, is_final: isFinal, utterance },
});

export const speech = (type: 'speech_start' | 'speech_end', ms: number, channel: number): OutgoingMessage => ({
  flag: 'receive_speech_events',
  type,
  data: { time: seconds(ms), channel },
});

export const lifecycle = (type: string, data?: object): OutgoingMessage => ({
  flag: 'receive_lifecycle_events',
  type,
  ...(data && { data }),
});

export const post = (type: string, data: object): OutgoingMessage => ({
  flag: 'receive_post_processing_events',
  type,
  ...(type === 'post_summarization' && { error: null }),
  data,
});

export const ack = (type: 'audio_chunk' | 'stop_recording', data: object): OutgoingMessage => ({
  flag: 'receive_acknowledgments',
  type,
  acknowledged: true,
  error: null,
  data,
});

export const refusal = (type: 'audio_chunk' | 'stop_recording', message: string): OutgoingMessage => ({
  flag: 'receive_acknowledgments',
  type,
  acknowledged: false,
  error: { message },
  data: null,
});

/** What is sent for a final: itself, or what a faulty service makes of it. */
export function finalMessages(mode: FinalMode, id: string, utterance: GladiaUtterance): OutgoingMessage[] {
  const final = transcript(id, true, utterance);
  switch (mode) {
    case 'normal':
      return [final];
    case 'never':
      return [];
    case 'twice':
      return [final, final];
    case 'changed':
      return [final, transcript(id, true, { ...utterance, text: `${utterance.text} indeed` })];
    case 'empty':
      return [transcript(id, true, { ...utterance, text: '', words: [] })];
    case 'withoutWords': {
      const { words: _words, ...rest } = utterance;
      return [transcript(id, true, rest)];
    }
    case 'beforePartials':
      return [final, transcript(id, false, utterance)];
  }
}

/** The `transcription` of a result and of `post_transcript`. */
export function transcriptionOf(utterances: readonly GladiaUtterance[]): object {
  const ordered = [...utterances].sort((a, b) => a.start - b.start);
  return {
    full_transcript: ordered.map((utterance) => utterance.text.trim()).join(' '),
    languages: [...new Set(ordered.map((utterance) => utterance.language))],
    utterances: ordered,
  };
}
