// A process of its own: takes the sound of all sessions, recognises nothing, and speaks as much of Gladia's live v2 as the
// service needs. A socket without a session, as the Go peer opens it, is served alike.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { sendToParent, type FiguresQuestion } from '../helper-process.js';
import { SttSession, type SinkTalk } from './stt-session.js';

export interface SinkMessage {
  readonly talk?: SinkTalk;
  /** A session in whose sound tones are looked for. */
  readonly probe?: string;
  /** Keeps the onsets for the next question. */
  readonly keep?: boolean;
}

/** A chunk came that holds the beginning of a tone; `atNs` is monotonic, the same in every process. */
export interface Onset {
  readonly session: string | undefined;
  readonly atNs: string;
}

export interface SinkFigures {
  readonly sessions: number;
  readonly bytes: number;
  readonly onsets: readonly Onset[];
}

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const sessions = new Set<SttSession>();
const sessionIdOfToken = new Map<string, string>();
const probes = new Set<string>();
const onsets: Onset[] = [];
let talk: SinkTalk = 'steady';

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => answer(request, response, body));
});
server.on('upgrade', (request, socket, head) => {
  const token = new URL(request.url ?? '/', 'http://sink').searchParams.get('token') ?? '';
  const sessionId = sessionIdOfToken.get(token);
  const onOnset = (atNs: bigint): void => {
    onsets.push({ session: sessionId, atNs: String(atNs) });
  };
  sockets.handleUpgrade(request, socket, head, (client) => {
    const isProbe = sessionId !== undefined && probes.has(sessionId);
    const session = new SttSession(client, talk, isProbe ? onOnset : undefined);
    sessions.add(session);
    client.on('close', () => sessions.delete(session));
    client.on('error', () => client.terminate());
  });
});
const port = (): number => (server.address() as AddressInfo).port;
server.listen(0, '127.0.0.1', () => sendToParent({ port: port() }));

process.on('message', (message: SinkMessage & FiguresQuestion) => {
  if (message.talk !== undefined) talk = message.talk;
  if (message.probe !== undefined) probes.add(message.probe);
  if (message.figures) sendToParent({ figures: figures(message) });
});
process.on('disconnect', () => process.exit());

function answer({ method, url = '' }: IncomingMessage, response: ServerResponse, body: string): void {
  const json = (status: number, value: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
  if (method === 'POST') {
    const id = randomUUID();
    const request = JSON.parse(body) as { custom_metadata?: { sessionId?: string } };
    const sessionId = request.custom_metadata?.sessionId;
    if (sessionId !== undefined) sessionIdOfToken.set(id, sessionId);
    json(201, { id, url: `ws://127.0.0.1:${port()}/v2/live?token=${id}` });
  } else if (/^\/v2\/live\/./.test(url)) json(200, { status: 'done', result: null });
  else json(200, { items: [] });
}

function figures({ keep = false }: SinkMessage): SinkFigures {
  const bytes = [...sessions].reduce((sum, session) => sum + session.bytes, 0);
  return { sessions: sessions.size, bytes, onsets: keep ? [] : onsets.splice(0) };
}
