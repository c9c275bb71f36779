/** Captions that stand still: `steady(createTranscript(…))` is the same transcript with interims that are drawn calmly. */
import type { Transcript } from './index.js';
import type { Message } from './messages.js';
import type { Segment } from './segment.js';
import { SteadyText } from './steady-text.js';

/**
 * The transcript, whose interims change drawn words only when they must (steady-text.ts). Finals are as they came, at once.
 * It takes the given transcript over: close this one.
 */
export function steady(transcript: Transcript): Transcript {
  const texts = new Map<string, { readonly text: SteadyText; revision: number }>();
  const listeners = new Set<(messages: readonly Message[]) => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let segments: readonly Segment[] | undefined;

  const refresh = (messages: readonly Message[]): void => {
    const nowMs = performance.now();
    const interims = transcript.segments.filter(({ final }) => !final);
    const ids = new Set(interims.map(({ segmentId }) => segmentId));
    for (const id of texts.keys()) if (!ids.has(id)) texts.delete(id);
    for (const { segmentId, text, revision } of interims) {
      const known = texts.get(segmentId) ?? { text: new SteadyText(), revision: 0 };
      if (known.revision !== revision) known.text.take(text, nowMs);
      known.revision = revision;
      texts.set(segmentId, known);
    }
    segments = undefined;
    wake(nowMs);
    for (const listener of [...listeners]) listener(messages);
  };

  const wake = (nowMs: number): void => {
    clearTimeout(timer);
    const dueMs = Math.min(...[...texts.values()].map(({ text }) => text.redraw(nowMs) ?? Infinity));
    if (dueMs < Infinity) timer = setTimeout(() => refresh([]), dueMs - nowMs);
  };

  const drawn = (segment: Segment): Segment => {
    const text = texts.get(segment.segmentId)?.text.text;
    return text === undefined || segment.final || text === segment.text ? segment : { ...segment, text };
  };

  refresh([]);
  transcript.subscribe(refresh);
  return {
    get segments() {
      return (segments ??= transcript.segments.map(drawn));
    },
    get gaps() {
      return transcript.gaps;
    },
    get status() {
      return transcript.status;
    },
    get sessionId() {
      return transcript.sessionId;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      clearTimeout(timer);
      listeners.clear();
      transcript.close();
    },
  };
}
