import type { StatusMessage } from './messages.js';
import type { Segment } from './segment.js';

/** What one speaker said in one go, or a gap in its place. */
export type Turn =
  | {
      readonly id: string;
      readonly speaker: string;
      readonly identity: string | undefined;
      readonly segments: readonly Segment[];
    }
  | { readonly id: string; readonly gap: StatusMessage };

const nameOf = ({ name, identity }: { name: string; identity: string }): string => name || identity;

/** The name to show: who spoke, or who it may have been; empty where nobody is known. */
const speakerOf = ({ speaker, candidates = [] }: Segment): string =>
  speaker ? nameOf(speaker) : candidates.map(nameOf).join(' / ');

/** The segments grouped by speaker, without those that are retracted, and the gaps where they are. */
export function turnsOf(segments: readonly Segment[], gaps: readonly StatusMessage[] = []): Turn[] {
  const entries: (Segment | StatusMessage)[] = [...segments.filter(({ retracted }) => !retracted), ...gaps];
  const turns: Turn[] = [];
  for (const entry of entries.sort((a, b) => startOf(a) - startOf(b))) {
    if (entry.type === 'status') turns.push({ id: `gap-${entry.seq}`, gap: entry });
    else addTo(turns, entry);
  }
  return turns;
}

function addTo(turns: Turn[], segment: Segment): void {
  const [speaker, identity, last] = [speakerOf(segment), segment.speaker?.identity, turns.at(-1)];
  const goesOn = last && 'segments' in last && last.identity === identity && last.speaker === speaker;
  if (goesOn) turns[turns.length - 1] = { ...last, segments: [...last.segments, segment] };
  else turns.push({ id: segment.segmentId, speaker, identity, segments: [segment] });
}

const startOf = ({ startMs = 0 }: Segment | StatusMessage): number => startMs;
