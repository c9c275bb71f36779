import { pause } from '../pause.mjs';

const CUTS = 10;
const malformed = ['{ not json', '[]', 'null', '{"type":"transcript","data":null}', '{"type":"audio_chunk","data":{}}'];

const closesWith = (code) => ({
  name: `Gladia closes with ${code}`,
  strike: ({ world }) => world.everyGladiaSession('close', { code }),
});

/** What Gladia does to us. The sound waits for it, so none of this may cost a word. */
export const gladiaFaults = [
  { name: 'Gladia connection is cut', strike: ({ world }) => world.everyGladiaSession('close') },
  {
    name: `Gladia connection is cut ${CUTS} times, anywhere in words`,
    strike: async ({ world }) => {
      for (let cut = 0; cut < CUTS; cut++) {
        await world.everyGladiaSession('close');
        await pause(2_000 + 37 * cut);
      }
    },
    settleMs: 8_000,
  },
  ...[1011, 4500, 4408, 1001, 1009].map(closesWith),
  {
    name: 'Gladia falls silent, connection half open',
    strike: ({ world }) => world.everyGladiaSession('silence'),
    recoversWithinS: 16,
    settleMs: 20_000,
  },
  {
    name: 'Gladia stops reading for 5 s',
    strike: ({ world }) => world.everyGladiaSession('pause', { ms: 5_000 }),
    recoversWithinS: 10,
    settleMs: 12_000,
  },
  {
    name: 'Gladia sends nonsense',
    strike: async ({ world }) => {
      for (const text of malformed) await world.everyGladiaSession('send', { text });
    },
  },
  {
    name: 'Gladia connection is cut, three upgrades answer 503',
    strike: async ({ world }) => {
      await world.gladiaKnob('faults', { upgrades: [503, 503, 503] });
      await world.everyGladiaSession('close');
    },
    settleMs: 12_000,
  },
  {
    name: 'Gladia connection is cut, the session is gone, new ones answer 429 twice',
    strike: async ({ world }) => {
      await world.gladiaKnob('faults', { upgrades: [403], posts: [{ status: 429 }, { status: 429 }] });
      await world.everyGladiaSession('close');
    },
    settleMs: 12_000,
  },
  {
    name: 'Gladia acknowledges nothing, then is cut',
    strike: async ({ world }) => {
      await world.gladiaKnob('options', { ackMode: 'none' });
      await pause(3_000);
      await world.gladiaKnob('options', { ackMode: 'perChunk' });
      await world.everyGladiaSession('close');
    },
    settleMs: 12_000,
  },
  {
    name: 'Gladia says every final twice',
    strike: ({ world }) => world.gladiaKnob('options', { finals: 'twice' }),
    mend: ({ world }) => world.gladiaKnob('options', { finals: 'normal' }),
  },
];
