import type { FaultKind } from './fault-kind.js';

/** How a fault went. */
export interface FaultFigures {
  /** How many were said. */
  readonly words: number;
  /** Missing, and not within a reported gap. */
  readonly missingS: number;
  readonly missing: readonly string[];
  /** Missing within a reported gap. */
  readonly reportedMissingS: number;
  readonly gaps: readonly string[];
  /** From the fault to the first words after it; null: none came. */
  readonly recoveryS: number | null;
  readonly misnamedWords: number;
  readonly duplicateWords: number;
  readonly duplicates: readonly string[];
  readonly duplicateFinals: number;
  readonly duplicateSeqs: number;
  readonly missingSeqs: number;
  /** Finals of the transcript that never came to the room. */
  readonly undeliveredFinals: number;
  readonly duplicateEgresses: number;
  readonly egressesLeft: number;
}

const RECOVERS_WITHIN_S = 8;

/** What is wrong with how a fault went, in words; nothing, when it went as its kind allows. */
export function problemsOf(kind: FaultKind, figures: FaultFigures): string[] {
  const { mayLose, recoversWithinS = RECOVERS_WITHIN_S, mayOmitPartials = false } = kind;
  const { missingS, reportedMissingS, recoveryS } = figures;
  const mostS = mayLose?.seconds ?? 0;
  const allMissingS = missingS + reportedMissingS;
  const counts: [number, string][] = [
    [figures.duplicateWords, 'words came twice or were never said'],
    [figures.misnamedWords, 'words came under no name or another’s'],
    [figures.duplicateFinals, 'segments have two finals'],
    [figures.duplicateSeqs, 'numbers came twice'],
    [mayOmitPartials ? 0 : figures.missingSeqs, 'numbers are missing'],
    [figures.undeliveredFinals, 'finals are in the transcript and never came'],
    [figures.duplicateEgresses, 'tracks have two egresses'],
    [figures.egressesLeft, 'egresses are left at the end'],
  ];
  return [
    ...(missingS > 0 ? [`${missingS} s are missing and not reported`] : []),
    ...(allMissingS > mostS ? [`${round(allMissingS)} s are missing, ${mostS} s may be`] : []),
    ...(recoveryS === null ? ['no words came after it'] : []),
    ...(recoveryS !== null && recoveryS > recoversWithinS
      ? [`words came again after ${recoveryS} s, not ${recoversWithinS} s`]
      : []),
    ...inWords(counts),
  ];
}

/** Those that are not 0. */
export const inWords = (counts: readonly (readonly [number, string])[]): string[] =>
  counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);

export const round = (seconds: number): number => Math.round(seconds * 100) / 100;
