import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startGladiaSandbox, type GladiaSandbox } from '../../libs/sandbox/gladia/gladia-sandbox.js';
import { GladiaApi } from '../../src/gladia/api/gladia-api.js';
import { GladiaLiveClient } from '../../src/gladia/gladia-live.client.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { settingsFor } from '../../src/gladia/stream.spec-kit.js';
import { Room, speechToTextContract, talk } from './speech-to-text.contract.js';

const PATIENT = { connectTimeoutMs: 10_000, silenceTimeoutMs: 5_000, pingEveryMs: 10_000 };

const startSandbox = (): Promise<GladiaSandbox> => startGladiaSandbox({ postDelayMs: 50, finalDelayMs: 100 });
const clientOf = (sandbox: GladiaSandbox): GladiaLiveClient => {
  const settings = settingsFor(sandbox.url, { drainTimeoutMs: 5_000 }, PATIENT);
  return new GladiaLiveClient(settings, new GladiaApi(settings));
};

/** The whole of what was written so far, but for less than a chunk. */
const hasAllSound = (room: Room, sandbox: GladiaSandbox): boolean => {
  const { backlogMs, bytesSent } = room.service.state('s')!.counters;
  return bytesSent > 0 && backlogMs < 40 && sandbox.sessions()[0]?.sockets[0]?.receivedBytes === bytesSent;
};
const isAcknowledged = (room: Room): boolean => {
  const { bytesAcknowledged, bytesSent } = room.service.state('s')!.counters;
  return bytesAcknowledged === bytesSent;
};

useVirtualTime();

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

  describe.each(['received', 'acked', 'reset'] as const)('where the counter goes on from %s', (resumeOffset) => {
    it.each([
      ['all', 20],
      ['not all', 400],
    ])('loses no word over a cut connection, and tells none twice, when %s was acknowledged', async (_, ackDelayMs) => {
      Object.assign(sandbox.options, { resumeOffset, ackDelayMs });
      const words = talk('alice-1', 'bob-1');
      await room.say(words, async () => {
        await room.until(() => hasAllSound(room, sandbox));
        if (ackDelayMs === 20) await room.until(() => isAcknowledged(room));
        const [session] = sandbox.sessions();
        for (const socket of sandbox.socketsOf(session!.id)) socket.destroy();
        await room.until(() => room.service.state('s')!.counters.reconnects > 0);
      });
      expect(sandbox.sessions()[0]!.connections).toBe(2);
      room.expectSaid(words);
      room.expectOnTime(words);
      expect(room.service.state('s')!.counters.gapMs).toBe(0);
    });
  });

  it.each(['coalesce', 'none', 'beyond', 'outOfOrder'] as const)(
    'is the same transcript whatever acknowledgments say (%s)',
    async (ackMode) => {
      sandbox.options.ackMode = ackMode;
      const words = talk('bob-1');
      await room.say(words);
      room.expectSaid(words);
      room.expectOnTime(words);
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
  );
});
