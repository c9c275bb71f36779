import type { EgressFaults } from '../../../libs/sandbox/egress/egress-faults.js';
import { runningEgresses } from '../egresses.js';
import type { FaultContext } from '../fault-kind.js';
import type { GladiaAction, World } from '../world.js';

export interface PassingContext extends FaultContext {
  /** 0..1, the same numbers in every run. */
  readonly random: () => number;
}

export interface PassingFault {
  readonly name: string;
  readonly inject: (context: PassingContext) => unknown;
}

type PlannedEgressFault = {
  [Name in keyof EgressFaults]: EgressFaults[Name] extends number ? Name : never;
}[keyof EgressFaults];

/** Faults that pass by themselves and concern one room, or one part of the surroundings, among many. */
export const passingFaults: readonly PassingFault[] = [
  { name: 'a worker dies', inject: (context) => toOneEgress(context, 'kill') },
  {
    name: 'a worker dies and two starts fail',
    inject: (context) => {
      context.world.livekit.egress.faults.failingStarts = 1;
      context.world.livekit.egress.faults.unavailableStarts = 1;
      return toOneEgress(context, 'kill');
    },
  },
  { name: 'an egress is stopped by somebody else', inject: stopOneEgress },
  { name: 'an egress fails', inject: (context) => toOneEgress(context, 'fail') },
  { name: 'an egress has streamed for 12 h', inject: (context) => toOneEgress(context, 'reachLimit') },
  { name: 'an egress vanishes, half open', inject: (context) => toOneEgress(context, 'vanish') },
  { name: 'a worker dies, the answer of the next start is lost', inject: killOneAnd('lostAnswers') },
  { name: 'a worker dies, the account is full for a moment', inject: killOneAnd('limitedStarts') },
  { name: 'a Gladia connection is cut', inject: toOneGladiaSession({ action: 'close' }) },
  { name: 'Gladia closes with 1011', inject: toOneGladiaSession({ action: 'close', code: 1011 }) },
  { name: 'Gladia closes with 4500', inject: toOneGladiaSession({ action: 'close', code: 4500 }) },
  { name: 'Gladia stops reading for 2 s', inject: toOneGladiaSession({ action: 'pause', ms: 2_000 }) },
  { name: 'Gladia sends a malformed message', inject: toOneGladiaSession({ action: 'send', text: '{ not json' }) },
  {
    name: 'upgrades and posts fail',
    inject: ({ world }) => world.planGladiaFaults({ upgrades: [503], posts: [{ status: 502 }] }),
  },
  { name: 'a track is republished', inject: ({ room, random }) => room.republish(oneOf(room.people, random)) },
  { name: 'somebody leaves and comes back', inject: ({ room, random }) => room.rejoin(oneOf(room.people, random)) },
  { name: 'somebody mutes for 2 s', inject: ({ room }) => void room.mute(room.speaking, 2_000) },
  { name: 'webhooks are lost', inject: ({ world }) => world.livekit.webhooks.faults.plan('*', { kind: 'lose' }, 3) },
  {
    name: 'webhooks are duplicated',
    inject: ({ world }) => world.livekit.webhooks.faults.plan('*', { kind: 'double' }, 3),
  },
  {
    name: 'webhooks are late',
    inject: ({ world }) => world.livekit.webhooks.faults.plan('*', { kind: 'delay', delayMs: 2_000 }, 3),
  },
  { name: 'the service is frozen for half a second', inject: ({ world }) => world.freeze(500) },
];

/** A number from 0 to below `count`. */
const oneOf = (count: number, random: () => number): number => Math.floor(random() * count);

const pick = <Item>(items: readonly Item[], random: () => number): Item | undefined =>
  items[oneOf(items.length, random)];

async function toOneEgress({ world, random }: PassingContext, fault: 'kill' | 'fail' | 'reachLimit' | 'vanish') {
  const info = pick(runningEgresses(world.livekit), random);
  if (info !== undefined) await world.livekit.egress[fault](info.egressId);
}

function killOneAnd(planned: PlannedEgressFault) {
  return (context: PassingContext) => {
    context.world.livekit.egress.faults[planned] += 1;
    return toOneEgress(context, 'kill');
  };
}

function stopOneEgress({ world, random }: PassingContext): void {
  const info = pick(runningEgresses(world.livekit), random);
  if (info !== undefined) stopQuietly(world, info.egressId);
}

function stopQuietly({ livekit }: World, egressId: string): void {
  try {
    livekit.egress.stop(egressId);
  } catch {
    // It was ending already.
  }
}

function toOneGladiaSession(action: GladiaAction) {
  return async ({ world, random }: PassingContext): Promise<void> => {
    const open = (await world.gladiaSessions()).filter(({ state }) => state !== 'done');
    const session = pick(open, random);
    if (session !== undefined) await world.toGladiaSession(session.id, action);
  };
}
