/**
 * Hostile peers, in a process of their own: `node flood-peers.mjs PORT KIND COUNT AT_ONCE`.
 * `hold`: half of them say nothing for eight seconds, all send their head byte by byte, for as long as they are let.
 * `forge`: each tries a forged token. Prints what became of them as one line of JSON, and before that, on a line of its
 * own, `all` when all have connected at least once.
 */
import { connect, type Socket } from 'node:net';

const [, , port, kind, countText, atOnceText] = process.argv;
const count = Number(countText);
const atOnce = Number(atOnceText);
const FORGED = `/egress/audio/7d0c9c4e-0000-4000-8000-000000000000/TR_flood?token=1.zzzzzzzz.${'A'.repeat(43)}`;
const HEAD =
  `GET ${FORGED} HTTP/1.1\r\nHost: flood\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nContent-Type: audio/x-raw\r\n\r\n';
/** This machine's limits, not the service's. */
const TRY_AGAIN = new Set(['EMFILE', 'EADDRNOTAVAIL', 'EAGAIN', 'ENFILE']);
const startedAtMs = performance.now();
const found = { connected: 0, peak: 0, answered: 0, upgraded: 0, seconds: 0, connectedSeconds: 0 };
const open = new Set<Socket>();
let begun = 0;
let over = 0;

function begin(): void {
  while (begun - over < atOnce && begun < count) peer(begun++);
}

function peer(n: number): void {
  const socket = connect(Number(port), '127.0.0.1');
  let triesAgain = false;
  socket.on('connect', () => onConnected(socket, n));
  socket.on('data', (bytes) => {
    const answer = bytes.toString('latin1');
    if (answer.startsWith('HTTP/1.1 101')) found.upgraded += 1;
    else if (answer.startsWith('HTTP/1.1 4')) found.answered += 1;
  });
  socket.on('error', ({ code }: NodeJS.ErrnoException) => (triesAgain = TRY_AGAIN.has(code ?? '')));
  socket.on('close', () => {
    open.delete(socket);
    if (triesAgain) setTimeout(() => peer(n), 100);
    else onOver();
  });
}

function onConnected(socket: Socket, n: number): void {
  open.add(socket);
  found.peak = Math.max(found.peak, open.size);
  found.connected += 1;
  if (found.connected === count) {
    found.connectedSeconds = (performance.now() - startedAtMs) / 1000;
    process.stdout.write('all\n');
  }
  if (kind === 'forge') socket.write(HEAD);
  else setTimeout(() => dribble(socket), n % 2 === 0 ? 0 : 8_000).unref();
}

function onOver(): void {
  over += 1;
  if (over < count) {
    begin();
    return;
  }
  found.seconds = (performance.now() - startedAtMs) / 1000;
  process.stdout.write(`${JSON.stringify(found)}\n`);
}

/** Sends the head byte by byte, one a second. */
function dribble(socket: Socket): void {
  if (socket.destroyed) return;
  let at = 0;
  const timer = setInterval(() => socket.write(HEAD.charAt(at++ % HEAD.length)), 1_000);
  socket.once('close', () => clearInterval(timer));
}

begin();
