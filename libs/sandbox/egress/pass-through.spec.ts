import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RoomServiceClient } from 'livekit-server-sdk';
import { WebSocket } from 'ws';
import { startLiveKitSandbox, type LiveKitSandbox } from '../livekit/livekit-sandbox.js';
import { useVirtualTime } from '../../testing/virtual-time.spec-kit.js';
import { AudioReceiver } from './audio-receiver.spec-kit.js';
import { PassThrough } from './pass-through.js';

useVirtualTime();

const KEY = 'devkey';
const SECRET = 'secretsecretsecretsecretsecretsecret';

describe('what is handed on to the real server', () => {
  let front: Server;
  let behind: PassThrough;

  beforeEach(async () => {
    front = createServer((request, response) => behind.pass(request, response));
    front.on('upgrade', (request, socket, head) => behind.upgrade(request, socket, head));
    front.listen(0, '127.0.0.1');
    await once(front, 'listening');
  });
  afterEach(async () => {
    front.closeAllConnections();
    await new Promise((resolve) => front.close(resolve));
  });
  const at = (): string => `127.0.0.1:${(front.address() as AddressInfo).port}`;

  it('calls and their errors come through as they are', async () => {
    const sandbox: LiveKitSandbox = await startLiveKitSandbox({ apiKey: KEY, apiSecret: SECRET, webhookUrls: [] });
    behind = new PassThrough(sandbox.url);
    sandbox.room('fixture').join({ identity: 'alice' });
    const client = new RoomServiceClient(`http://${at()}`, KEY, SECRET);
    expect(await client.listRooms()).toMatchObject([{ name: 'fixture' }]);
    await expect(client.deleteRoom('nowhere')).rejects.toMatchObject({ status: 404, code: 'not_found' });
    await sandbox.close();
    await expect(client.listRooms()).rejects.toMatchObject({ status: 502 });
  });

  it('WebSockets come through in both directions', async () => {
    const receiver = await AudioReceiver.open();
    behind = new PassThrough(receiver.url.replace('ws:', 'http:'));
    const socket = new WebSocket(`ws://${at()}/rtc?x=1`);
    await once(socket, 'open');
    const egress = await receiver.egress();
    expect(egress.request.url).toBe('/rtc?x=1');
    socket.send('up');
    await egress.until(() => egress.texts.length === 1);
    egress.socket.send('down');
    const [message] = (await once(socket, 'message')) as [Buffer];
    expect(message.toString()).toBe('down');
    const dropped = once(socket, 'close');
    behind.close();
    await dropped;
    await egress.closed();
    await receiver.close();
  });

  it('a refused upgrade comes through as refused', async () => {
    const receiver = await AudioReceiver.open();
    receiver.refusal = '401 Unauthorized';
    behind = new PassThrough(receiver.url.replace('ws:', 'http:'));
    const socket = new WebSocket(`ws://${at()}/rtc`);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toBe('Unexpected server response: 401');
    await receiver.close();
  });
});
