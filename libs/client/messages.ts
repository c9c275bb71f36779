// Written by `npm run docs:messages` from libs/protocol/message.ts: what the fields mean stands there.

export type Message = TranscriptMessage | TranslationMessage | StatusMessage | RetractionMessage | SnapshotMessage;
export interface TranscriptMessage {
  readonly v: 1;
  readonly sessionId: string;
  readonly seq: number;
  readonly type: 'transcript';
  readonly segmentId: string;
  readonly revision: number;
  readonly final: boolean;
  readonly text: string;
  readonly language: string;
  readonly speaker: Speaker | null;
  readonly candidates?: readonly Speaker[] | undefined;
  readonly confidence: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly startedAt: string;
  readonly startedAtFrom?: 'configured' | 'learnt' | 'source' | 'unknown' | undefined;
  readonly words?: readonly Word[] | undefined;
  readonly source: 'server' | 'client';
}

export interface Speaker {
  readonly identity: string;
  readonly name: string;
  readonly trackSid: string;
}

export interface Word {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly confidence: number;
}

export interface TranslationMessage {
  readonly v: 1;
  readonly sessionId: string;
  readonly seq: number;
  readonly type: 'translation';
  readonly segmentId: string;
  readonly language: string;
  readonly text: string;
}

export interface StatusMessage {
  readonly v: 1;
  readonly sessionId: string;
  readonly seq: number;
  readonly type: 'status';
  readonly status: 'live' | 'degraded' | 'recovered' | 'gap' | 'ended';
  readonly code?: string | undefined;
  readonly message: string;
  readonly identity?: string | undefined;
  readonly trackSid?: string | undefined;
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
}

export interface RetractionMessage {
  readonly v: 1;
  readonly sessionId: string;
  readonly seq: number;
  readonly type: 'retraction';
  readonly segmentIds: readonly string[];
}

export interface SnapshotMessage {
  readonly v: 1;
  readonly sessionId: string;
  readonly seq: number;
  readonly type: 'snapshot';
  readonly segments: readonly {
    readonly v: 1;
    readonly sessionId: string;
    readonly seq: number;
    readonly type: 'transcript';
    readonly segmentId: string;
    readonly revision: number;
    readonly final: boolean;
    readonly text: string;
    readonly language: string;
    readonly speaker: Speaker | null;
    readonly candidates?: readonly Speaker[] | undefined;
    readonly confidence: number;
    readonly startMs: number;
    readonly endMs: number;
    readonly startedAt: string;
    readonly startedAtFrom?: 'configured' | 'learnt' | 'source' | 'unknown' | undefined;
    readonly source: 'server' | 'client';
  }[];
  readonly translations?: readonly TranslationMessage[] | undefined;
  readonly statuses?: readonly StatusMessage[] | undefined;
}
