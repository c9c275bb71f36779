import { slope } from '../../bench/statistics.mjs';

/** Logs of sound fill up and code is compiled by then. */
const WARM_UP_S = { faults: 180, calm: 300 };
const SLOPE_MB_PER_MIN = { faults: 2, calm: 1 };
const LOOP_DELAY_MS = 20;
const LEAST_MINUTES = 3;
const SAMPLES_A_MINUTE = 4;

/**
 * How fast memory grows once the service is warm, in MB a minute; null when the run is too short to tell. A restarted
 * service begins anew. What is resident moves by tens of MB with the moments in which garbage is collected; what is in use
 * is the least of heap and buffers in each minute, right after that.
 */
export function memorySlopes(samples, isCalm) {
  const last = samples.filter(({ pid }) => pid === samples.at(-1).pid);
  const warmS = last[0].atS + WARM_UP_S[isCalm ? 'calm' : 'faults'];
  const minutes = byMinute(last.filter(({ atS }) => atS >= warmS));
  if (minutes.length < LEAST_MINUTES) return { inUseMbPerMin: null, residentMbPerMin: null };
  const least = (of) => slope(minutes.map((rows, x) => ({ x, y: Math.min(...rows.map(of)) })));
  return {
    inUseMbPerMin: least(({ heapMb, externalMb }) => heapMb + externalMb),
    residentMbPerMin: least(({ residentMb }) => residentMb),
  };
}

function byMinute(samples) {
  const minutes = [];
  for (const sample of samples) {
    const minute = Math.floor((sample.atS - samples[0].atS) / 60);
    (minutes[minute] ??= []).push(sample);
  }
  return minutes.filter((rows) => rows.length >= SAMPLES_A_MINUTE);
}

/** What went wrong, in words. */
export function complaints({
  isCalm,
  inUseMbPerMin,
  residentMbPerMin,
  samples,
  stillHeld,
  egressesLeft,
  speech,
  failedStrikes,
}) {
  const mostMb = SLOPE_MB_PER_MIN[isCalm ? 'calm' : 'faults'];
  // Without faults little garbage is made.
  const grownMb = isCalm ? residentMbPerMin : inUseMbPerMin;
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
    ...(grownMb > mostMb ? [`memory grows by ${grownMb.toFixed(1)} MB a minute, not ${mostMb} MB`] : []),
    ...(isCalm && loopDelayP99Ms > LOOP_DELAY_MS ? [`the event loop is late by ${loopDelayP99Ms} ms (p99)`] : []),
    ...stillHeld,
    ...Object.entries(failedStrikes).map(([name, message]) => `"${name}" could not strike: ${message}`),
  ];
}
