/** What may be missing at most, and why; a kind of fault without one of these may cost nothing. */
export const RESTART = {
  seconds: 2,
  because: 'an Egress that ends takes what it holds with it, and another needs a moment to dial',
};
export const SLOW_RESTART = { seconds: 5, because: 'three seconds of sound are in an untuned Egress when it ends' };

export const restartAfter = (seconds, because) => ({ seconds: RESTART.seconds + seconds, because });
