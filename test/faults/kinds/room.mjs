import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { pause } from '../pause.mjs';
import { restartAfter, RESTART } from './losses.mjs';

const STRANGERS = 300;
const MUTED_MS = 4_000;

const republish = (room) => room.republish(room.speaking);
const NEW_TRACK = RESTART;
const LATE_TRACK = restartAfter(8, 'without webhooks, a new track is seen when the room is looked at, every 8 s');

/** What happens in the room, and on the way in. Whoever is talking is struck. */
export const roomFaults = [
  { name: 'track republished', strike: ({ room }) => republish(room), mayLose: NEW_TRACK },
  {
    name: 'track republished, every webhook lost',
    strike: lostWebhooks(republish),
    mayLose: LATE_TRACK,
    settleMs: 14_000,
  },
  { name: 'track republished, webhooks doubled', strike: webhooks('double', republish), mayLose: NEW_TRACK },
  {
    name: 'track republished, webhooks late by 3 s',
    strike: webhooks('delay', republish),
    mayLose: restartAfter(3, 'as late as the webhooks'),
    settleMs: 14_000,
  },
  {
    name: 'track republished, webhooks in reverse order',
    strike: ({ world, room }) => {
      world.livekit.webhooks.reorderNext(4);
      republish(room);
    },
    mayLose: LATE_TRACK,
    settleMs: 14_000,
  },
  {
    name: 'participant comes back under the same identity',
    strike: ({ room }) => room.rejoin(room.speaking),
    mayLose: NEW_TRACK,
  },
  {
    name: 'Egress vanishes, half open, and the participant comes back before that is noticed',
    strike: async ({ world, room }) => {
      await world.livekit.egress.vanish();
      await pause(5_000);
      room.rejoin(room.speaking);
    },
    mayLose: restartAfter(10, 'nobody hangs up: that nothing comes any more is noticed within 10 s'),
    recoversWithinS: 16,
    settleMs: 20_000,
  },
  { name: 'participant mutes in the middle of a word', strike: ({ room }) => room.mute(room.speaking, MUTED_MS) },
  {
    name: `${STRANGERS} strangers knock at the audio port`,
    strike: ({ world }) => Promise.all(Array.from({ length: STRANGERS }, () => knock(world.port))),
  },
  { name: 'the address of a live egress is dialled once more', strike: ({ world }) => dialAgain(world.livekit.egress) },
];

function webhooks(kind, then) {
  return ({ world, room }) => {
    world.livekit.webhooks.faults.plan('*', { kind, delayMs: 3_000 }, 4);
    then(room);
  };
}

function lostWebhooks(then) {
  return ({ world, room }) => {
    world.livekit.webhooks.faults.plan('*', { kind: 'lose' }, 20);
    then(room);
  };
}

/** A handshake with a forged token; resolves when the service has hung up. */
function knock(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        'GET /egress/audio/nobody/TR_nothing?token=1.1.forged HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\n' +
          'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      );
    });
    socket
      .on('error', () => undefined)
      .on('close', resolve)
      .resume();
  });
}

/** A token works once: whoever has read one on the way must not get in with it, nor put out who is in. */
async function dialAgain(egress) {
  for (const { streamResults } of egress.running()) {
    const socket = new WebSocket(streamResults[0].url, { headers: { 'Content-Type': 'audio/x-raw' } });
    const isIn = await new Promise((resolve) => {
      socket.on('open', () => resolve(true)).on('error', () => resolve(false));
    });
    socket.terminate();
    if (isIn) throw new Error('a token let in a second socket');
  }
  await pause(1_000);
}
