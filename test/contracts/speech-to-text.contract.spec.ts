import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startGladiaSandbox, type GladiaSandbox } from '../../libs/sandbox/gladia/gladia-sandbox.js';
import { GladiaApi } from '../../src/gladia/gladia-api.js';
import { GladiaLiveClient } from '../../src/gladia/gladia-live.client.js';
import { settingsFor } from '../../src/gladia/stream.spec-kit.js';
import { Room, speechToTextContract, talk } from './speech-to-text.contract.js';

const PATIENT = { connectTimeoutMs: 10_000, silenceTimeoutMs: 5_000, pingEveryMs: 2_000 };

const startSandbox = (): Promise<GladiaSandbox> => startGladiaSandbox({ postDelayMs: 50, finalDelayMs: 100 });
const clientOf = (sandbox: GladiaSandbox): GladiaLiveClient => {
  const settings = settingsFor(sandbox.url, { drainTimeoutMs: 5_000 }, PATIENT);
  return new GladiaLiveClient(settings, new GladiaApi(settings));
};

describe('Gladia’s client against its stand-in', () => {
  speechToTextContract(async () => {
    const sandbox = await startSandbox();
    return { engine: clientOf(sandbox), close: () => sandbox.close() };
  });

  let sandbox: GladiaSandbox;
  let room: Room;

  beforeEach(async () => {
    sandbox = await startSandbox();
    room = new Room(clientOf(sandbox));
  });

  afterEach(async () => {
    await room.service.beforeApplicationShutdown();
    await sandbox.close();
  });

  it.each(['received', 'acked'] as const)('loses no word over a cut connection (%s)', async (resumeOffset) => {
    sandbox.options.resumeOffset = resumeOffset;
    const words = talk('alice-1', 'bob-1');
    sandbox.faults.sockets.push({ afterBytes: 16_000 * 2 * 2, then: 'reset' });
    await room.say(words);
    expect(sandbox.sessions()[0]!.connections).toBe(2);
    if (resumeOffset === 'acked') room.expectSaid(words);
    expect(room.finals.length).toBeGreaterThanOrEqual(2);
    expect(room.service.state('s')!.counters.gapMs).toBe(0);
  });

  it.each(['coalesce', 'none', 'beyond', 'outOfOrder'] as const)(
    'is the same transcript whatever acknowledgments say (%s)',
    async (ackMode) => {
      sandbox.options.ackMode = ackMode;
      const words = talk('bob-1');
      await room.say(words);
      room.expectSaid(words);
      expect(sandbox.sessions()[0]!.connections).toBe(1);
    },
  );

  it.each(['twice', 'withoutWords', 'beforePartials', 'never'] as const)(
    'tells each sentence once, whatever becomes of finals (%s)',
    async (mode) => {
      sandbox.options.finals = mode;
      const words = talk('alice-1');
      await room.say(words);
      expect(room.finals.length).toBeGreaterThan(0);
      expect(new Set(room.finals.map(({ text }) => text)).size).toBe(room.finals.length);
      if (mode !== 'never') room.expectSaid(words);
    },
  );

  it.each(['hang', 'noClose', 'noEndSession'] as const)(
    'ends once, with every word, when the end does not come (%s)',
    async (post) => {
      sandbox.options.post = post;
      const words = talk('carol-1');
      await room.say(words);
      room.expectSaid(words);
      expect(room.statuses.filter((status) => status === 'ended')).toHaveLength(1);
    },
    30_000,
  );
});
