/** The beat of the mix. Provided by the mixer, used by whatever receives sound. */
export abstract class MixSteps {
  /** Calls back before the mix takes what has come by then: the last moment to fetch it. */
  abstract before(fetch: () => void): void;
}
