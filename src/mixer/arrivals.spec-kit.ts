import { babble } from './sound.spec-kit.js';

/** The network delay of a packet whose last sample was spoken at this moment. */
export type Delay = (spokenMs: number) => number;

/** When a packet arrives whose last sample was spoken at this moment. */
export type Arrival = (spokenMs: number) => number;

/** Packets of one connection arrive in order. */
export const arriving = (delayMs: Delay): Arrival => {
  let latestMs = 0;
  return (spokenMs) => (latestMs = Math.max(latestMs, spokenMs + delayMs(spokenMs)));
};

/** 200 ± 100 ms. */
export const jitter: Delay = (spokenMs) => 200 + 100 * Math.sin(spokenMs / 37) * Math.cos(spokenMs / 1_013);

/** One packet of 10 ms in a hundred is delayed by 500 ms. */
export const stalls = (seconds: number, seed = 1): Delay => {
  const draws = babble(seconds * 100, seed);
  return (spokenMs) => (Math.abs(draws[spokenMs / 10 - 1]!) % 100 === 0 ? 500 : 0);
};
