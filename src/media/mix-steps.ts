/** The steps of the mix clock. Provided by the mixer, used by whatever receives audio. */
export abstract class MixSteps {
  /** Calls back before each step: the last moment to hand over audio that has arrived. */
  abstract before(fetch: () => void): void;
}
