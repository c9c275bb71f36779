import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultKind } from '../fault-kind.js';
import type { World } from '../world.js';

const CUTS = 10;
const malformed = ['{ not json', '[]', 'null', '{"type":"transcript","data":null}', '{"type":"audio_chunk","data":{}}'];

const isCut = (world: World): Promise<void> => world.toEveryGladiaSession({ action: 'close' });

const closesWith = (code: number): FaultKind => ({
  name: `Gladia closes with ${code}`,
  inject: ({ world }) => world.toEveryGladiaSession({ action: 'close', code }),
});

/** Faults of Gladia. Sound waits until it can be sent, so none of them may cost a word. */
export const gladiaFaults: readonly FaultKind[] = [
  { name: 'Gladia connection is cut', inject: ({ world }) => isCut(world) },
  {
    name: `Gladia connection is cut ${CUTS} times, anywhere in words`,
    inject: async ({ world }) => {
      for (let cut = 0; cut < CUTS; cut++) {
        await isCut(world);
        await sleep(2_000 + 37 * cut);
      }
    },
    settleMs: 8_000,
  },
  ...[1011, 4500, 4408, 1001, 1009].map(closesWith),
  {
    name: 'Gladia falls silent, connection half open',
    inject: ({ world }) => world.toEveryGladiaSession({ action: 'silence' }),
    recoversWithinS: 16,
    settleMs: 20_000,
  },
  {
    name: 'Gladia stops reading for 5 s',
    inject: ({ world }) => world.toEveryGladiaSession({ action: 'pause', ms: 5_000 }),
    recoversWithinS: 10,
    settleMs: 12_000,
  },
  {
    name: 'Gladia sends malformed messages',
    inject: async ({ world }) => {
      for (const text of malformed) await world.toEveryGladiaSession({ action: 'send', text });
    },
  },
  {
    name: 'Gladia connection is cut, three upgrades answer 503',
    inject: async ({ world }) => {
      await world.planGladiaFaults({ upgrades: [503, 503, 503] });
      await isCut(world);
    },
    settleMs: 12_000,
  },
  {
    name: 'Gladia connection is cut, the session is gone, new ones answer 429 twice',
    inject: async ({ world }) => {
      await world.planGladiaFaults({ upgrades: [403], posts: [{ status: 429 }, { status: 429 }] });
      await isCut(world);
    },
    settleMs: 12_000,
  },
  {
    name: 'Gladia acknowledges nothing, then is cut',
    inject: async ({ world }) => {
      await world.setGladiaOptions({ ackMode: 'none' });
      await sleep(3_000);
      await world.setGladiaOptions({ ackMode: 'perChunk' });
      await isCut(world);
    },
    settleMs: 12_000,
  },
  {
    name: 'Gladia sends every final twice',
    inject: ({ world }) => world.setGladiaOptions({ finals: 'twice' }),
    undo: ({ world }) => world.setGladiaOptions({ finals: 'normal' }),
  },
];
