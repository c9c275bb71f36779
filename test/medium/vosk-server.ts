import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { Lexicon } from '../../libs/sandbox/gladia/recogniser/lexicon.js';
import { Recogniser } from '../../libs/sandbox/gladia/recogniser/recogniser.js';
import type { RecogniserEvent, Utterance } from '../../libs/sandbox/gladia/recogniser/utterance.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';

const LEXICON = new Lexicon(loadRecordings());

/** A stand-in for a Vosk server: `{"partial"}` and `{"result", "text"}` on a plain WebSocket, `{"eof": 1}` ends it. */
export class VoskServer {
  /** Samples that came, of all sockets. */
  samples = 0;

  private constructor(private readonly server: WebSocketServer) {
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async start(): Promise<VoskServer> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    return new VoskServer(server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection. */
  drop(): void {
    for (const socket of this.server.clients) socket.terminate();
  }

  async close(): Promise<void> {
    this.drop();
    this.server.close();
    await once(this.server, 'close');
  }

  #serve(socket: WebSocket): void {
    const recogniser = new Recogniser(LEXICON, {
      endpointingMs: 300,
      maximumMs: 15_000,
      partialEveryMs: 200,
      finalDelayMs: 100,
    });
    const tell = (events: readonly RecogniserEvent[]): void => {
      for (const event of events) {
        if (event.type === 'partial') socket.send(JSON.stringify({ partial: textOf(event.utterance) }));
        if (event.type === 'final') socket.send(JSON.stringify(resultOf(event.utterance)));
      }
    };
    socket.on('message', (message: Buffer, isBinary) => {
      if (isBinary) tell(recogniser.write(this.#samplesOf(message)));
      else if (message.includes('eof')) {
        tell(recogniser.finish());
        socket.close();
      }
    });
  }

  #samplesOf(message: Buffer): Int16Array {
    this.samples += message.length / 2;
    return Int16Array.from({ length: message.length / 2 }, (_, i) => message.readInt16LE(2 * i));
  }
}

const textOf = ({ words }: Utterance): string => words.map(({ text }) => text).join(' ');

const resultOf = (utterance: Utterance): object => ({
  result: utterance.words.map(({ text, startMs, endMs, confidence }) => ({
    word: text,
    start: startMs / 1000,
    end: endMs / 1000,
    conf: confidence,
  })),
  text: textOf(utterance),
});
