import { connect } from 'node:net';

const PORT_FLOOD = 300;

/** What happens in the room, and on the way in. */
export const roomFaults = [
  {
    name: 'track republished, every webhook lost',
    strike: lostWebhooks((room) => room.republish(0)),
    settleMs: 14_000,
  },
  { name: 'track republished, webhooks doubled', strike: webhooks('double', (room) => room.republish(0)) },
  {
    name: 'track republished, webhooks late by 3 s',
    strike: webhooks('delay', (room) => room.republish(0)),
    settleMs: 14_000,
  },
  { name: 'participant comes back under the same identity', strike: ({ room }) => room.rejoin(0) },
  {
    name: `${PORT_FLOOD} strangers knock at the audio port`,
    strike: ({ world }) => Promise.all(Array.from({ length: PORT_FLOOD }, () => knock(world.port))),
  },
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
