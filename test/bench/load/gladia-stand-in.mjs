// Gladia's stand-in in a process of its own, behind a door that can be shut. What it kept is the judge.
import { connect, createServer } from 'node:net';
import { built } from '../built.mjs';

const { startGladiaSandbox } = await built('libs/sandbox/gladia/gladia-sandbox.js');
const FRAME_BYTES = 640;
const WAV_HEADER_BYTES = 44;

const sandbox = await startGladiaSandbox({ recognises: false });
const doorways = new Set();
let opened = 0;
const door = createServer((client) => {
  opened += 1;
  const inside = connect(sandbox.port, '127.0.0.1');
  for (const socket of [client, inside]) {
    doorways.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => doorways.delete(socket));
  }
  client.pipe(inside).pipe(client);
  client.on('close', () => inside.destroy());
  inside.on('close', () => client.destroy());
});
await listen(0);
const { port } = door.address();

function listen(at) {
  return new Promise((resolve) => door.listen(at, '127.0.0.1', resolve));
}

/** Once each frame says its own number, loss and doubling are counted exactly. */
function audit(sessionId) {
  const times = new Map();
  let broken = 0;
  for (const { id, request } of sandbox.sessions()) {
    if (request.custom_metadata?.sessionId !== sessionId) continue;
    const sound = sandbox.wavOf(id).subarray(WAV_HEADER_BYTES);
    for (let at = 0; at + FRAME_BYTES <= sound.length; at += FRAME_BYTES) {
      const number = sound.readInt16LE(at) * 32_768 + sound.readInt16LE(at + 2);
      if (sound.readInt16LE(at + FRAME_BYTES - 2) !== sound.readInt16LE(at + 2)) broken += 1;
      times.set(number, (times.get(number) ?? 0) + 1);
    }
  }
  const doubled = [...times.values()].reduce((sum, count) => sum + count - 1, 0);
  const last = Math.max(-1, ...times.keys());
  return { kept: times.size, doubled, broken, last };
}

const upgradesSince = (sinceMs) =>
  sandbox.requests.filter(({ method, at }) => method === 'UPGRADE' && at >= sinceMs).map(({ at }) => at - sinceMs);

process.on('message', async (message) => {
  if (message.cut) for (const socket of doorways) socket.resetAndDestroy();
  if (message.door === 'shut') door.close();
  if (message.door === 'open') await listen(port);
  if (message.deaf) {
    const [first] = sandbox.sessions();
    for (const socket of sandbox.socketsOf(first.id)) socket.fallSilent();
  }
  if (message.figures) {
    const sessions = Object.fromEntries((message.of ?? []).map((id) => [id, audit(id)]));
    process.send({ figures: { sessions, upgrades: upgradesSince(message.sinceMs ?? 0), opened } });
  }
});
process.send({ port });
