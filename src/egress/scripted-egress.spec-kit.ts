import { EgressApi, type EgressApiError } from './egress-api.js';

/** Egress as the service sees it: answers as told, and remembers what it was asked. */
export class ScriptedEgress extends EgressApi {
  readonly started: string[] = [];
  readonly stopped: string[] = [];
  readonly failures: EgressApiError[] = [];
  readonly #onStart: (() => void)[] = [];

  override startTrack(_room: string, _trackSid: string, websocketUrl: string): Promise<string> {
    this.started.push(websocketUrl);
    const failure = this.failures.shift();
    queueMicrotask(() => {
      for (const wake of this.#onStart.splice(0)) wake();
    });
    return failure ? Promise.reject(failure) : Promise.resolve(`EG_${this.started.length}`);
  }

  override stop(egressId: string): Promise<void> {
    this.stopped.push(egressId);
    return Promise.resolve();
  }

  async startedTimes(times: number): Promise<void> {
    while (this.started.length < times) await new Promise<void>((resolve) => this.#onStart.push(resolve));
    await new Promise(setImmediate);
  }
}
