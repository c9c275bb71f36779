/**
 * Every fact that one module tells another, on one page.
 * Past tense, ids and plain values only; all times are milliseconds of the session clock unless the name says wall.
 */
import type { SpeechOptions } from '../config/speech-options.js';
import type { AudioSourceChoice } from '../media/audio-source.js';
import type { TrackKind } from '../media/track-kind.js';

/** A session was put LIVE: from here on its sample clock runs. */
export class SessionLive {
  constructor(
    readonly sessionId: string,
    readonly room: string,
    /** Unix time of session time 0, in milliseconds. */
    readonly liveAtUnixMs: number,
    readonly options: SpeechOptions,
    /** False: the server does not listen to this room; only transcripts made in browsers are passed on. */
    readonly transcribedByServer = true,
    /** Of a session that an earlier run of the service left behind: where its numbering goes on. */
    readonly resumes?: { readonly lastUtterance: number },
    readonly source: AudioSourceChoice = 'egress',
  ) {}
}

/** Nothing more will be said in the session: each module closes its part, what is on the way is still delivered. */
export class SessionEnded {
  constructor(
    readonly sessionId: string,
    readonly reason: 'api' | 'room-finished' | 'shutdown',
  ) {}
}

/** A person (not an Egress, not an agent) came into the room of a live session. */
export class ParticipantJoined {
  constructor(
    readonly sessionId: string,
    readonly identity: string,
    readonly name: string,
  ) {}
}

/** That person goes by another name from now on. */
export class ParticipantRenamed {
  constructor(
    readonly sessionId: string,
    readonly identity: string,
    readonly name: string,
  ) {}
}

/** A track that is to be transcribed exists in the room of a live session. */
export class TrackPublished {
  constructor(
    readonly sessionId: string,
    readonly room: string,
    readonly trackSid: string,
    readonly identity: string,
    readonly name: string,
    readonly kind: TrackKind = 'microphone',
  ) {}
}

/** Sound that was heard comes no more, whatever ended it: what it came from may be gone from the room. */
export class AudioStopped {
  constructor(readonly sessionId: string) {}
}

/** That track is gone. */
export class TrackUnpublished {
  constructor(
    readonly sessionId: string,
    readonly trackSid: string,
  ) {}
}

/**
 * In a session that is not heard by the server as a whole: this track is to be heard from now on, since nobody else puts
 * it into words, or need not be heard any longer.
 */
export class TrackTranscriptionChanged {
  constructor(
    readonly sessionId: string,
    readonly trackSid: string,
    readonly enabled: boolean,
  ) {}
}

export interface TranscriptSpeaker {
  readonly identity: string;
  readonly name: string;
  readonly trackSid: string;
}

export interface TranscriptWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly confidence: number;
}

/**
 * A stretch of speech by one speaker was heard, or heard better. A `final` one never changes again. After the status `ended`
 * finals may still come that the engine gave out late: they are for the history.
 */
export class TranscriptReady {
  constructor(
    readonly sessionId: string,
    readonly segment: {
      readonly segmentId: string;
      readonly revision: number;
      readonly final: boolean;
      readonly text: string;
      readonly language: string;
      /** `null`: two spoke at once, or none is clear; `candidates` then lists who it may have been. */
      readonly speaker: TranscriptSpeaker | null;
      readonly candidates: readonly TranscriptSpeaker[];
      readonly confidence: number;
      readonly startMs: number;
      readonly endMs: number;
      readonly words: readonly TranscriptWord[];
      /** Who turned the sound into text: this service, or the speaker's own browser. */
      readonly source: 'server' | 'client';
    },
  ) {}
}

/** A segment in another language. It never replaces or delays the original. */
export class TranslationReady {
  constructor(
    readonly sessionId: string,
    readonly segmentId: string,
    /** ISO 639-1, of the translation. */
    readonly language: string,
    readonly text: string,
  ) {}
}

/** Of a session that is over: what the engine made of its words, beside the transcript. Told again when more comes late. */
export class InsightsReady {
  constructor(
    readonly sessionId: string,
    readonly insights: Readonly<Record<string, unknown>>,
  ) {}
}

export type TranscriptionStatus = 'live' | 'degraded' | 'recovered' | 'gap' | 'ended';

/** The transcription of a session began, got worse, got well again, missed something, or is complete. */
export class TranscriptionStatusChanged {
  constructor(
    readonly sessionId: string,
    readonly status: TranscriptionStatus,
    /** One sentence for people in the room. */
    readonly sentence: string,
    /** Which part of the session the status speaks of, where it speaks of one. */
    readonly span?: { readonly startMs: number; readonly endMs: number },
  ) {}
}
