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
  readonly candidates?: readonly Speaker[];
  readonly confidence: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly startedAt: string;
  readonly startedAtFrom?: 'configured' | 'learnt' | 'source' | 'unknown';
  readonly words?: readonly Word[];
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
  readonly code?: string;
  readonly message: string;
  readonly identity?: string;
  readonly trackSid?: string;
  readonly startMs?: number;
  readonly endMs?: number;
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
    readonly candidates?: readonly Speaker[];
    readonly confidence: number;
    readonly startMs: number;
    readonly endMs: number;
    readonly startedAt: string;
    readonly startedAtFrom?: 'configured' | 'learnt' | 'source' | 'unknown';
    readonly source: 'server' | 'client';
  }[];
  readonly translations?: readonly TranslationMessage[];
  readonly statuses?: readonly StatusMessage[];
}
