import type { WordVerdict } from './word-verdict.js';

/** Whose word it is after its neighbours were asked; `null` with all it may have been. */
export interface WordSpeaker {
  readonly trackSid: string | null;
  readonly candidates: readonly string[];
}

const NOBODY: WordSpeaker = { trackSid: null, candidates: [] };

/**
 * Settles the words that sound alone does not. A doubtful word goes to the one who was heard best in it, if he is the clear
 * speaker beside it and no other candidate is; a silent word goes where the word before it went, at the start where the
 * next one goes.
 */
export function resolveWords(verdicts: readonly WordVerdict[]): WordSpeaker[] {
  const settled = verdicts.map((verdict, index) => settle(verdict, neighbours(verdicts, index)));
  return settled.map((speaker, index) => speaker ?? nearest(settled, index) ?? NOBODY);
}

function settle(verdict: WordVerdict, beside: ReadonlySet<string>): WordSpeaker | undefined {
  if (verdict.kind === 'silent') return undefined;
  if (verdict.kind === 'clear') return { trackSid: verdict.trackSid, candidates: [] };
  if (verdict.kind === 'echo') return { trackSid: null, candidates: verdict.candidates };
  const [only, another] = verdict.candidates.filter((candidate) => beside.has(candidate));
  const isLikely = only !== undefined && another === undefined && only === verdict.leaning;
  if (isLikely) return { trackSid: only, candidates: [] };
  return { trackSid: null, candidates: verdict.candidates };
}

/** The clear speakers next before and next after a word. */
function neighbours(verdicts: readonly WordVerdict[], index: number): ReadonlySet<string> {
  const isClear = (verdict: WordVerdict) => verdict.kind === 'clear';
  const before = verdicts.slice(0, index).findLast(isClear);
  const after = verdicts.slice(index + 1).find(isClear);
  return new Set([before, after].flatMap((verdict) => (verdict?.kind === 'clear' ? [verdict.trackSid] : [])));
}

function nearest(settled: readonly (WordSpeaker | undefined)[], index: number): WordSpeaker | undefined {
  const isSettled = (speaker: WordSpeaker | undefined) => speaker !== undefined;
  return settled.slice(0, index).findLast(isSettled) ?? settled.slice(index + 1).find(isSettled);
}
