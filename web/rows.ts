import type { Segment } from '../libs/client/index.js';
import type { StatusMessage } from '../libs/client/messages.js';

/** A line of the transcript: what was said, or why nothing is there. */
export type Row =
  | { readonly id: string; readonly segment: Segment; readonly isTurn: boolean }
  | { readonly id: string; readonly gap: StatusMessage };

const nameOf = ({ name, identity }: { readonly name: string; readonly identity: string }): string => name || identity;

/** The name to show, of one speaker or of those who it may have been. */
export function speakerOf({ speaker, candidates = [] }: Segment): string {
  if (speaker) return nameOf(speaker);
  return candidates.length > 0 ? `${candidates.map(nameOf).join(' or ')}?` : 'Unknown speaker';
}

/**
 * The rows of these segments, and of the gaps that began among them.
 *
 * @param fromMs gaps before this time of the session clock are left out
 */
export function rowsOf(segments: readonly Segment[], gaps: readonly StatusMessage[], fromMs = 0): Row[] {
  const left = gaps.filter(({ startMs = 0 }) => startMs >= fromMs).sort((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0));
  const rows: Row[] = [];
  let speaker: string | undefined;
  for (const segment of segments) {
    while (left[0] && (left[0].startMs ?? 0) <= segment.startMs) {
      rows.push(rowOf(left.shift() ?? left[0]));
      speaker = undefined;
    }
    const name = speakerOf(segment);
    rows.push({ id: segment.segmentId, segment, isTurn: name !== speaker });
    speaker = name;
  }
  return [...rows, ...left.map(rowOf)];
}

const rowOf = (gap: StatusMessage): Row => ({ id: `gap-${gap.seq}`, gap });
