/**
 * All domain events by which modules inform each other. Names in the past tense, ids and plain values only; times are
 * milliseconds of the session clock unless the name says otherwise.
 */
import type { Message } from '../../libs/protocol/message.js';
import type { SpeechOptions } from '../config/speech-options.js';
import type { AudioSourceChoice } from '../media/audio-source.js';
import type { TrackKind } from '../media/track-kind.js';

/** A session went live: its clock runs from here on. */
export class SessionLive {
  constructor(
    readonly sessionId: string,
    readonly room: string,
    /** Unix time of session time 0, in milliseconds. */
    readonly liveAtUnixMs: number,
    readonly options: SpeechOptions,
    /** False: the server does not transcribe this room; only transcripts made in browsers are published. */
    readonly transcribedByServer = true,
    /** For a session of an earlier process: the number of its last utterance, from which numbering continues. */
    readonly resumes?: { readonly lastUtterance: number },
    readonly source: AudioSourceChoice = 'egress',
  ) {}
}

/** The session is ending: each module closes its part; speech up to now is still transcribed and delivered. */
export class SessionEnded {
  constructor(
    readonly sessionId: string,
    readonly reason: 'api' | 'room-finished' | 'shutdown' | 'expired',
  ) {}
}

/** A person (not an egress, not an agent) joined the room of a live session. */
export class ParticipantJoined {
  constructor(
    readonly sessionId: string,
    readonly identity: string,
    readonly name: string,
  ) {}
}

/** Somebody came into the room of a live session or has gone from it, whether they are transcribed or not. */
export class AttendanceChanged {
  constructor(
    readonly sessionId: string,
    readonly visits: readonly {
      readonly identity: string;
      /** Undefined: they came. */
      readonly leftAtUnixMs?: number | undefined;
      /** Whether a moderator removed them. */
      readonly removed?: boolean | undefined;
    }[],
  ) {}
}

/** A participant changed their name. */
export class ParticipantRenamed {
  constructor(
    readonly sessionId: string,
    readonly identity: string,
    readonly name: string,
  ) {}
}

/** A track to transcribe was published in the room of a live session. */
export class TrackPublished {
  constructor(
    readonly sessionId: string,
    readonly room: string,
    readonly trackSid: string,
    readonly identity: string,
    readonly name: string,
    readonly kind: TrackKind = 'microphone',
    /** When it was published, as Unix time in milliseconds. Undefined: just now, as far as is known. */
    readonly publishedAtUnixMs?: number,
  ) {}
}

/**
 * Why a track is not transcribed. `kind` and `source`: TRANSCRIBE_KINDS and TRANSCRIBE_SOURCES do not name its own;
 * `opted_out`: the participant does not want it; `encrypted`: end to end, without a key for the server.
 */
export type LeftOutReason = 'kind' | 'source' | 'opted_out' | 'encrypted';

/** Other audio tracks of the room than before are not transcribed, or for other reasons. */
export class TracksLeftOut {
  constructor(
    readonly sessionId: string,
    readonly tracks: readonly { readonly trackSid: string; readonly reason: LeftOutReason }[],
  ) {}
}

/** Audio of the session that was received has stopped, for whatever reason: its track may have been unpublished. */
export class AudioStopped {
  constructor(readonly sessionId: string) {}
}

/** A track was unpublished. */
export class TrackUnpublished {
  constructor(
    readonly sessionId: string,
    readonly trackSid: string,
  ) {}
}

/**
 * In a session that the server does not transcribe as a whole: the server has to transcribe this track from now on, because
 * its browser does not, or need not any longer.
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

/** A segment of speech by one speaker. */
export interface TranscriptSegment {
  readonly segmentId: string;
  /** Counts up from the first partial to the final. */
  readonly revision: number;
  readonly final: boolean;
  /** Empty in a final: its partials are retracted. */
  readonly text: string;
  readonly language: string;
  /** `null`: two spoke at once, or the speaker is unclear; `candidates` then lists who it may have been. */
  readonly speaker: TranscriptSpeaker | null;
  readonly candidates: readonly TranscriptSpeaker[];
  readonly confidence: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly words: readonly TranscriptWord[];
  /** Who turned the audio into text: this service, or the speaker's own browser. */
  readonly source: 'server' | 'client';
}

/**
 * The speech-to-text engine has transcribed a segment, or revised it. A final never changes. It is not published yet:
 * listen to MessagePublished for what the room reads. After the status `ended` finals may still come that the engine gave
 * out late: they are for the history.
 */
export class TranscriptReady {
  constructor(
    readonly sessionId: string,
    readonly segment: TranscriptSegment,
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

/** What the engine derived from the words of an ended session, such as a summary. Published again when more arrives late. */
export class InsightsReady {
  constructor(
    readonly sessionId: string,
    readonly insights: Readonly<Record<string, unknown>>,
  ) {}
}

/** A session was erased with all that was said in it: whoever holds something of it drops it, and writes nothing of it again. */
export class SessionErased {
  constructor(readonly sessionId: string) {}
}

/** What a participant said in a session was erased from the database: whoever holds something of it drops it. */
export class PersonErased {
  constructor(
    readonly sessionId: string,
    readonly identity: string,
    readonly segmentIds: readonly string[],
  ) {}
}

export type TranscriptionStatus = 'live' | 'degraded' | 'recovered' | 'gap' | 'ended';

export interface StatusSpan {
  readonly startMs: number;
  readonly endMs: number;
  readonly identity?: string;
  readonly trackSid?: string;
}

/** The transcription of a session started, degraded, recovered, missed something, or is complete. */
export class TranscriptionStatusChanged {
  constructor(
    readonly sessionId: string,
    readonly status: TranscriptionStatus,
    /** One sentence for people in the room. */
    readonly sentence: string,
    /** The part of the session that the status is about, where there is one, and of whom if it is about one track. */
    readonly span?: StatusSpan,
    /** What has happened, for programs; the status itself where there is nothing more to say. */
    readonly code: string = status,
  ) {}
}

/**
 * A message got its number and was handed to the store and the room, which read exactly this. Frozen. After the status
 * `ended` finals may still follow that are for the history alone.
 */
export class MessagePublished {
  constructor(
    readonly sessionId: string,
    readonly room: string,
    readonly seq: number,
    readonly message: Message,
    /** Unix time, in milliseconds. */
    readonly publishedAtUnixMs: number,
  ) {}
}
