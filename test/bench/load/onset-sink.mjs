import { OnsetDetector } from './onset.mjs';

/** In place of the mixer: notes when a tone begins in what comes. */
export class OnsetSink {
  /** Monotonic, in milliseconds, the same in every process. @type {number[]} */
  onsetsMs = [];

  admission() {
    return 'admitted';
  }

  open() {
    const detector = new OnsetDetector();
    return {
      write: (samples) => {
        if (detector.hears(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength))) {
          this.onsetsMs.push(monotonicMs());
        }
      },
      setMuted: () => undefined,
      close: () => undefined,
    };
  }
}

export const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

/** From each beginning of a sound to when it was heard. */
export function delaysOf(saidMs, heardMs, mostMs = 5_000) {
  return saidMs.flatMap((said) => {
    const heard = heardMs.find((at) => at >= said && at < said + mostMs);
    return heard === undefined ? [] : [heard - said];
  });
}
