import { passingFaults } from '../kinds/passing.mjs';
import { pause } from '../pause.mjs';

const OUTAGE_MS = 20_000;

/** What strikes once in a soak, after so much of its time. */
const SINGLE = [
  { name: 'the service is killed (-9)', afterShare: 0.25, strike: ({ world }) => world.restartService() },
  {
    name: `LiveKit API is down for ${OUTAGE_MS / 1000} s`,
    afterShare: 0.5,
    strike: ({ world }) => {
      world.livekit.refuseCalls(true);
      void pause(OUTAGE_MS).then(() => world.livekit.refuseCalls(false));
    },
  },
];

/** Picks faults and lets them strike; one that fails is written down, and the next follows. */
export class Strikes {
  /** How often what has struck. */
  struck = {};
  failed = {};
  /** What struck which room, and when; a fault that picks its own victim may have struck another. */
  history = [];
  #single;
  #passing;
  #context;

  /** @param only nothing but faults whose name holds this */
  constructor({ world, rooms, random, only = '' }) {
    const pick = (list) => list[Math.floor(random() * list.length)];
    this.#context = { world, random, pick, rooms };
    [this.#single, this.#passing] = [SINGLE, passingFaults].map((all) => all.filter(({ name }) => name.includes(only)));
  }

  /** @param share of the soak's time that is over */
  async next(share) {
    const { pick, rooms } = this.#context;
    const fault = this.#single[0]?.afterShare <= share ? this.#single.shift() : pick(this.#passing);
    if (fault === undefined) return;
    const room = pick(rooms);
    this.struck[fault.name] = (this.struck[fault.name] ?? 0) + 1;
    this.history.push({ atMs: Date.now(), fault: fault.name, room: room.name });
    try {
      await fault.strike({ ...this.#context, room });
    } catch (error) {
      this.failed[fault.name] = error.message;
    }
  }
}
