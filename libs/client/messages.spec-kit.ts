import type { Segment, Transcript } from './index.js';
import type { Message, StatusMessage, TranscriptMessage, TranslationMessage } from './messages.js';

/** Messages of one session, numbered as the service numbers them. */
export class MessageMaker {
  #seq = 0;

  constructor(readonly sessionId = 's1') {}

  transcript(segmentId: string, text: string, rest: Partial<TranscriptMessage> = {}): TranscriptMessage {
    return {
      ...this.#envelope(),
      type: 'transcript',
      segmentId,
      revision: 1,
      final: true,
      text,
      language: 'en',
      speaker: { identity: 'alice', name: 'Alice', trackSid: 'TR_a' },
      confidence: 0.9,
      startMs: 1_000,
      endMs: 2_000,
      startedAt: '2026-01-01T10:00:01.000Z',
      source: 'server',
      ...rest,
    };
  }

  interim(segmentId: string, text: string, revision = 1, rest: Partial<TranscriptMessage> = {}): TranscriptMessage {
    return this.transcript(segmentId, text, { ...rest, final: false, revision });
  }

  translation(segmentId: string, language: string, text: string): TranslationMessage {
    return { ...this.#envelope(), type: 'translation', segmentId, language, text };
  }

  status(status: StatusMessage['status'], message: string, rest: Partial<StatusMessage> = {}): StatusMessage {
    return { ...this.#envelope(), type: 'status', status, message, ...rest };
  }

  retraction(...segmentIds: string[]): Message {
    return { ...this.#envelope(), type: 'retraction', segmentIds };
  }

  snapshot(segments: readonly TranscriptMessage[], rest: object = {}): Message {
    return { v: 1, sessionId: this.sessionId, seq: this.#seq, type: 'snapshot', segments, ...rest };
  }

  #envelope(): { v: 1; sessionId: string; seq: number } {
    return { v: 1, sessionId: this.sessionId, seq: ++this.#seq };
  }
}

/** Resolves as soon as the transcript is as wanted. */
export const until = (transcript: Transcript, isWanted: (transcript: Transcript) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const stop = transcript.subscribe(check);
    check();
    function check(): void {
      if (!isWanted(transcript)) return;
      queueMicrotask(() => stop());
      resolve();
    }
  });

export const textsOf = ({ segments }: { readonly segments: readonly Segment[] }): string[] =>
  segments.map(({ text }) => text);
