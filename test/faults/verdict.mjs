const RECOVERS_WITHIN_S = 8;

/** What is wrong with how a fault went, in words; nothing, when it went as its kind allows. */
export function complaints({ mayLose, recoversWithinS = RECOVERS_WITHIN_S, mayOmitPartials = false }, row) {
  const mostS = mayLose?.seconds ?? 0;
  const missingS = row.lostS + row.namedS;
  const counts = [
    [row.doubledWords, 'words came twice or were never said'],
    [row.misnamedWords, 'words came under no name or another’s'],
    [row.doubledFinals, 'segments have two finals'],
    [row.doubledSeqs, 'numbers came twice'],
    [mayOmitPartials ? 0 : row.missingSeqs, 'numbers are missing'],
    [row.undeliveredFinals, 'finals are written down and never came'],
    [row.doubledEgresses, 'tracks have two egresses'],
    [row.egressesLeft, 'egresses are left at the end'],
  ];
  return [
    ...(row.lostS > 0 ? [`${row.lostS} s are lost and nobody was told`] : []),
    ...(missingS > mostS ? [`${round(missingS)} s are missing, ${mostS} s may be`] : []),
    ...(row.recoveryS === null ? ['no words came after it'] : []),
    ...(row.recoveryS > recoversWithinS ? [`words came again after ${row.recoveryS} s, not ${recoversWithinS} s`] : []),
    ...counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`),
  ];
}

export const round = (seconds) => Math.round(seconds * 100) / 100;
