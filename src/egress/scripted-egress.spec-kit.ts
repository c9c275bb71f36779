import { EgressApi, EgressApiError, type EgressInput, type EgressFault, type ListedEgress } from './egress-api.js';

/** Egress as the service sees it: answers as told, and remembers what it was asked. */
export class ScriptedEgress extends EgressApi {
  readonly started: string[] = [];
  readonly inputs: EgressInput[] = [];
  readonly stopped: string[] = [];
  /** What the next starts come to. */
  readonly faults: EgressFault[] = [];
  listed: ListedEgress[] = [];
  /** Calls that LiveKit cannot answer now. */
  listsFail = 0;
  stopsFail = 0;
  readonly #onChange: (() => void)[] = [];

  override start(_room: string, input: EgressInput, websocketUrl: string): Promise<string> {
    this.started.push(websocketUrl);
    this.inputs.push(input);
    this.#changed();
    const fault = this.faults.shift();
    return fault
      ? Promise.reject(new EgressApiError(`it is ${fault}`, fault))
      : Promise.resolve(`EG_${this.started.length}`);
  }

  override stop(egressId: string): Promise<void> {
    if (this.stopsFail-- > 0) return Promise.reject(new EgressApiError('no answer', 'unanswered'));
    this.stopped.push(egressId);
    this.listed = this.listed.filter((listed) => listed.egressId !== egressId);
    this.#changed();
    return Promise.resolve();
  }

  override listActive(room?: string): Promise<ListedEgress[]> {
    if (this.listsFail-- > 0) return Promise.reject(new EgressApiError('no answer', 'unanswered'));
    return Promise.resolve(this.listed.filter((listed) => (room ?? listed.room) === listed.room));
  }

  async startedTimes(times: number): Promise<void> {
    return this.#until(() => this.started.length >= times);
  }

  async stoppedTimes(times: number): Promise<void> {
    return this.#until(() => this.stopped.length >= times);
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#onChange.push(resolve));
    await new Promise(setImmediate);
  }

  #changed(): void {
    queueMicrotask(() => {
      for (const wake of this.#onChange.splice(0)) wake();
    });
  }
}

/** An active egress, as LiveKit lists it. */
export const listed = (egressId: string, url: string, room = 'room'): ListedEgress => ({
  egressId,
  room,
  url: `${url}?token={...}`,
  active: true,
  end: undefined,
});
