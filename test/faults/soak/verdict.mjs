import { slope } from '../../bench/statistics.mjs';

/** Logs of sound fill up and code is compiled by then. */
const WARM_UP_S = { faults: 180, calm: 300 };
const SLOPE_MB_PER_MIN = { faults: 2, calm: 1 };
const LOOP_DELAY_MS = 20;
const SAMPLES = 12;

/**
 * How fast memory grows once the service is warm, in MB a minute; null when the run is too short to tell. A restarted
 * service begins anew.
 */
export function memorySlope(samples, isCalm) {
  const last = samples.filter(({ pid }) => pid === samples.at(-1).pid);
  const warmS = last[0].atS + WARM_UP_S[isCalm ? 'calm' : 'faults'];
  const warm = last.filter(({ atS }) => atS >= warmS);
  return warm.length < SAMPLES ? null : slope(warm.map(({ atS, residentMb }) => ({ x: atS / 60, y: residentMb })));
}

/** What went wrong, in words. */
export function complaints({ isCalm, slopeMbPerMin, samples, stillHeld, egressesLeft, speech, failedStrikes }) {
  const mostMb = SLOPE_MB_PER_MIN[isCalm ? 'calm' : 'faults'];
  const { loopDelayP99Ms, soundLostS } = samples.at(-1);
  const counts = [
    [speech.lostMs, 'ms of speech are lost and nobody was told'],
    [isCalm ? speech.namedMs + 1000 * soundLostS : 0, 'ms of speech are missing, without any fault'],
    [speech.doubledWords, 'words came twice or were never said'],
    [speech.misnamedWords, 'words came under no name or another’s'],
    [speech.doubledFinals, 'segments have two finals'],
    [speech.doubledSeqs, 'numbers came twice'],
    [speech.undeliveredFinals, 'finals are written down and never came'],
    [isCalm ? speech.missingSeqs : 0, 'numbers are missing'],
    [egressesLeft, 'egresses are left'],
  ];
  return [
    ...counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`),
    ...(slopeMbPerMin > mostMb ? [`memory grows by ${slopeMbPerMin.toFixed(1)} MB a minute, not ${mostMb} MB`] : []),
    ...(isCalm && loopDelayP99Ms > LOOP_DELAY_MS ? [`the event loop is late by ${loopDelayP99Ms} ms (p99)`] : []),
    ...stillHeld,
    ...Object.entries(failedStrikes).map(([name, message]) => `"${name}" could not strike: ${message}`),
  ];
}
