import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { WebhookFault } from '../../../libs/sandbox/livekit/webhook-sender.js';
import { runningEgresses } from '../egresses.js';
import { RESTART, restartAfter, type FaultContext, type FaultKind } from '../fault-kind.js';
import type { SettingName } from '../settings.js';
import type { World } from '../world.js';

const FORGED_CONNECTIONS = 300;
const MUTED_MS = 4_000;

const NEW_TRACK = RESTART;
const LATE_TRACK = restartAfter(8, 'without webhooks, a new track is seen when the room is polled, every 8 s');

const NEWCOMERS = 10;
/** Newcomers talk before anything can receive them: what was missed of each is reported. */
const arrivals = (setting: SettingName, secondsEach: number): FaultKind => ({
  name: `${NEWCOMERS} people join one after another and talk at once (${setting})`,
  setting,
  inject: async ({ room }) => {
    for (let n = 0; n < NEWCOMERS; n++) await room.arrive();
  },
  mayLose: {
    seconds: NEWCOMERS * secondsEach,
    because: 'an egress starts when the track is there, and needs a moment',
  },
});

const republish = ({ room }: FaultContext): void => room.republish(room.speaking);

const republishWithWebhooks =
  (fault: WebhookFault, count: number) =>
  (context: FaultContext): void => {
    context.world.livekit.webhooks.faults.plan('*', fault, count);
    republish(context);
  };

/** What happens in the room, and to connections from outside. It happens to whoever is talking. */
export const roomFaults: readonly FaultKind[] = [
  arrivals('tuned', 2),
  arrivals('slow', 2),
  arrivals('pairs', 2),
  arrivals('oneVoice', 0),
  { name: 'track republished', inject: republish, mayLose: NEW_TRACK },
  {
    name: 'track republished, every webhook lost',
    inject: republishWithWebhooks({ kind: 'lose' }, 20),
    mayLose: LATE_TRACK,
    settleMs: 14_000,
  },
  {
    name: 'track republished, webhooks duplicated',
    inject: republishWithWebhooks({ kind: 'double' }, 4),
    mayLose: NEW_TRACK,
  },
  {
    name: 'track republished, webhooks late by 3 s',
    inject: republishWithWebhooks({ kind: 'delay', delayMs: 3_000 }, 4),
    mayLose: restartAfter(3, 'as late as the webhooks'),
    settleMs: 14_000,
  },
  {
    name: 'track republished, webhooks in reverse order',
    inject: (context) => {
      context.world.livekit.webhooks.reorderNext(4);
      republish(context);
    },
    mayLose: LATE_TRACK,
    settleMs: 14_000,
  },
  {
    name: 'participant comes back under the same identity',
    inject: ({ room }) => room.rejoin(room.speaking),
    mayLose: NEW_TRACK,
  },
  {
    name: 'Egress vanishes, half open, and the participant comes back before that is noticed',
    inject: async ({ world, room }) => {
      world.livekit.egress.vanish();
      await sleep(5_000);
      room.rejoin(room.speaking);
    },
    mayLose: restartAfter(10, 'the connection is not closed: that nothing comes any more is noticed within 10 s'),
    recoversWithinS: 16,
    settleMs: 20_000,
  },
  { name: 'participant mutes in the middle of a word', inject: ({ room }) => room.mute(room.speaking, MUTED_MS) },
  {
    name: `${FORGED_CONNECTIONS} connections with a forged token to the audio port`,
    inject: ({ world }) =>
      Promise.all(Array.from({ length: FORGED_CONNECTIONS }, () => connectWithForgedToken(world.port))),
  },
  { name: 'the address of a live egress is dialled once more', inject: ({ world }) => dialAgain(world) },
];

/** Resolves when the service has closed the connection. */
function connectWithForgedToken(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        'GET /egress/audio/nobody/TR_nothing?token=1.1.forged HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\n' +
          'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      );
    });
    socket
      .on('error', () => undefined)
      .on('close', () => resolve())
      .resume();
  });
}

/** A token works once: who has read one on the way must not get in with it, nor close the connection of its owner. */
async function dialAgain({ livekit }: World): Promise<void> {
  for (const { streamResults } of runningEgresses(livekit)) {
    const socket = new WebSocket(streamResults[0].url, { headers: { 'Content-Type': 'audio/x-raw' } });
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.on('open', () => resolve(true)).on('error', () => resolve(false));
    });
    socket.terminate();
    if (isOpen) throw new Error('a token let in a second socket');
  }
  await sleep(1_000);
}
