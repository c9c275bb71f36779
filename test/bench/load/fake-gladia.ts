// The fake Gladia in a process of its own, behind a TCP proxy that can be closed. What it kept is what was delivered.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { startGladiaSandbox } from '../../../libs/sandbox/gladia/gladia-sandbox.js';
import { sendToParent, type FiguresQuestion } from '../helper-process.js';

export interface FakeGladiaMessage {
  /** Resets every connection. */
  readonly cut?: true;
  /** Whether new connections are refused. */
  readonly proxy?: 'closed' | 'open';
  /** The server of the first session reads no more. */
  readonly stopReading?: true;
  /** The sessions whose sound is counted, by the ids that the client gave them. */
  readonly of?: readonly string[];
  /** Upgrades are listed from then on; milliseconds since the epoch. */
  readonly sinceMs?: number;
}

export interface DeliveredSound {
  /** Different frames. */
  readonly frames: number;
  readonly duplicates: number;
  /** Frames whose two ends do not match. */
  readonly broken: number;
}

export interface FakeGladiaFigures {
  readonly sessions: Readonly<Record<string, DeliveredSound>>;
  /** When each upgrade came, after `sinceMs`. */
  readonly upgradesMs: readonly number[];
}

const FRAME_BYTES = 640;
const WAV_HEADER_BYTES = 44;

const sandbox = await startGladiaSandbox({ recognises: false });
const connections = new Set<Socket>();
const proxy = createServer((client) => {
  const server = connect(sandbox.port, '127.0.0.1');
  for (const socket of [client, server]) {
    connections.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => connections.delete(socket));
  }
  client.pipe(server).pipe(client);
  client.on('close', () => server.destroy());
  server.on('close', () => client.destroy());
});
proxy.listen(0, '127.0.0.1');
await once(proxy, 'listening');
const { port } = proxy.address() as AddressInfo;

process.on('message', (message: FakeGladiaMessage & FiguresQuestion) => {
  if (message.cut) for (const socket of connections) socket.resetAndDestroy();
  if (message.proxy === 'closed') proxy.close();
  if (message.proxy === 'open') proxy.listen(port, '127.0.0.1');
  if (message.stopReading) stopReading();
  if (message.figures) sendToParent({ figures: figures(message) });
});
process.on('disconnect', () => process.exit());
sendToParent({ port });

function stopReading(): void {
  const [first] = sandbox.sessions();
  if (first === undefined) return;
  for (const socket of sandbox.socketsOf(first.id)) socket.fallSilent();
}

function figures({ of = [], sinceMs = 0 }: FakeGladiaMessage): FakeGladiaFigures {
  const upgrades = sandbox.requests.filter(({ method, at }) => method === 'UPGRADE' && at >= sinceMs);
  return {
    sessions: Object.fromEntries(of.map((id) => [id, delivered(id)])),
    upgradesMs: upgrades.map(({ at }) => at - sinceMs),
  };
}

/** Since each frame contains its own number, missing and duplicate frames are counted exactly. */
function delivered(sessionId: string): DeliveredSound {
  const times = new Map<number, number>();
  let broken = 0;
  for (const { id, request } of sandbox.sessions()) {
    if (request.custom_metadata?.['sessionId'] !== sessionId) continue;
    const sound = sandbox.wavOf(id).subarray(WAV_HEADER_BYTES);
    for (let at = 0; at + FRAME_BYTES <= sound.length; at += FRAME_BYTES) {
      const number = sound.readInt16LE(at) * 32_768 + sound.readInt16LE(at + 2);
      if (sound.readInt16LE(at + FRAME_BYTES - 2) !== sound.readInt16LE(at + 2)) broken += 1;
      times.set(number, (times.get(number) ?? 0) + 1);
    }
  }
  const duplicates = [...times.values()].reduce((sum, count) => sum + count - 1, 0);
  return { frames: times.size, duplicates, broken };
}
