import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../talk/seeded-random.js';
import { passingFaults, type PassingFault } from '../kinds/passing.js';
import type { TalkingRoom } from '../talking-room.js';
import type { World } from '../world.js';

/** A fault that is injected once in a soak, after so much of its time. */
interface SingleFault extends PassingFault {
  readonly afterShare: number;
}

export interface InjectedFault {
  readonly atMs: number;
  readonly fault: string;
  /** A fault that chooses its own target may have concerned another room. */
  readonly room: string;
}

const OUTAGE_MS = 20_000;

const SINGLE_FAULTS: readonly SingleFault[] = [
  { name: 'the service is killed (-9)', afterShare: 0.25, inject: ({ world }) => world.restartService() },
  {
    name: `LiveKit API is down for ${OUTAGE_MS / 1000} s`,
    afterShare: 0.5,
    inject: ({ world }) => {
      world.livekit.refuseCalls(true);
      void sleep(OUTAGE_MS).then(() => world.livekit.refuseCalls(false));
    },
  },
];

/** Picks faults and injects them; one that fails is written down, and the next follows. */
export class FaultInjector {
  readonly history: InjectedFault[] = [];
  /** Why a fault could not be injected, by its name. */
  readonly failed: Record<string, string> = {};
  readonly #single: SingleFault[];
  readonly #passing: readonly PassingFault[];

  /** @param only nothing but faults whose name contains this */
  constructor(
    private readonly world: World,
    private readonly rooms: readonly TalkingRoom[],
    private readonly random: SeededRandom,
    only: string,
  ) {
    this.#single = SINGLE_FAULTS.filter(({ name }) => name.includes(only));
    this.#passing = passingFaults.filter(({ name }) => name.includes(only));
  }

  /** How often each fault was injected. */
  get counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { fault } of this.history) counts[fault] = (counts[fault] ?? 0) + 1;
    return counts;
  }

  /** @param share of the soak's time that is over */
  async next(share: number): Promise<void> {
    const fault = this.#choose(share);
    if (fault === undefined) return;
    const room = this.random.oneOf(this.rooms);
    this.history.push({ atMs: Date.now(), fault: fault.name, room: room.name });
    try {
      await fault.inject({ world: this.world, room, random: () => this.random.next() });
    } catch (error) {
      this.failed[fault.name] = (error as Error).message;
    }
  }

  #choose(share: number): PassingFault | undefined {
    const single = this.#single[0];
    if (single !== undefined && single.afterShare <= share) return this.#single.shift();
    return this.#passing.length === 0 ? undefined : this.random.oneOf(this.#passing);
  }
}
