import { createRequire } from 'node:module';
import { Injectable } from '@nestjs/common';

/** Whether LiveKit's client, an optional package, is there. It is looked for and not loaded: only child processes do that. */
@Injectable()
export class RtcPackage {
  readonly #require = createRequire(import.meta.url);

  get isInstalled(): boolean {
    try {
      this.#require.resolve('@livekit/rtc-node');
      return true;
    } catch {
      return false;
    }
  }
}
