import type { WebSocketServer } from 'ws';
import { AudioUpgrader, listenTo, PlainUpgrader, type AudioSocket, type UpgradeRequest } from './audio-upgrader.js';
import type { BatchedReader } from './batched-reader.js';
import { DirectSocket } from './direct-socket.js';

const NO_HEAD = Buffer.alloc(0);
/** What `ws` allows where nothing else is asked for. */
const DEFAULT_MAX_PAYLOAD_BYTES = 100 * 1024 * 1024;

/**
 * Reads the connection itself and takes unfragmented binary messages out of what it reads; everything else goes to `ws`.
 * Falls back to plain `ws` for a connection that cannot be taken over, such as one with TLS.
 */
export class FastUpgrader extends AudioUpgrader {
  readonly #plain = new PlainUpgrader();

  constructor(private readonly batchedReader: BatchedReader) {
    super();
  }

  override upgrade(server: WebSocketServer, upgrade: UpgradeRequest, onOpen: (socket: AudioSocket) => void): void {
    const direct = DirectSocket.of(upgrade.socket, this.batchedReader);
    if (direct === undefined) {
      this.#plain.upgrade(server, upgrade, onOpen);
      return;
    }
    const { request, head } = upgrade;
    // Whoever answers a refused handshake finds the socket in the request, and the accepted one has lost its handle.
    request.socket = direct.socket;
    server.handleUpgrade(request, direct.socket, NO_HEAD, (client) => {
      let onBinary = ignore;
      const listen: AudioSocket['listen'] = (listener) => {
        onBinary = listener.binary;
        listenTo(client, listener);
      };
      onOpen({ client, listen });
      direct.start(onBinary, head, server.options.maxPayload ?? DEFAULT_MAX_PAYLOAD_BYTES);
    });
  }
}

const ignore = (_message: Buffer): void => undefined;
