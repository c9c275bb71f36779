import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';

/** Takes the messages of one connection, in their order. */
export interface MessageListener {
  /** A whole binary message. Its bytes are valid until this returns: a buffer may be reused for the next one. */
  readonly binary: (message: Buffer) => void;
  readonly text: (message: Buffer) => void;
}

/** An open WebSocket that receives audio as binary messages. */
export interface AudioSocket {
  /** The same connection, for all but its messages: pings, errors, sending, closing. */
  readonly client: WebSocket;
  /** To be called once, before the `onOpen` that it was passed to returns: the client may have sent messages already. */
  listen(listener: MessageListener): void;
}

/** The arguments of an `upgrade` event of Node's HTTP server. */
export interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Turns an HTTP connection into an AudioSocket. All implementations behave alike: one suite of tests runs over each. */
export abstract class AudioUpgrader {
  /** Does the handshake on behalf of `server`, whose options apply; one that it refuses is its `wsClientError`. */
  abstract upgrade(server: WebSocketServer, upgrade: UpgradeRequest, onOpen: (socket: AudioSocket) => void): void;
}

/** `ws` and nothing else. */
export class PlainUpgrader extends AudioUpgrader {
  override upgrade(
    server: WebSocketServer,
    { request, socket, head }: UpgradeRequest,
    onOpen: (socket: AudioSocket) => void,
  ): void {
    server.handleUpgrade(request, socket, head, (client) => {
      onOpen({ client, listen: (listener) => listenTo(client, listener) });
    });
  }
}

/** Passes on what `ws` parses. */
export function listenTo(client: WebSocket, { binary, text }: MessageListener): void {
  client.on('message', (message, isBinary) => (isBinary ? binary : text)(message as Buffer));
}
