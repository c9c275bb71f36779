// A process of its own: takes the sound of all sessions, recognises nothing, and speaks as much of Gladia's live v2 as the
// service needs. A socket without a session, as the Go peer opens it, is served alike.
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { WebSocketServer } from 'ws';
import { SttSession } from './stt-session.mjs';

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const sessions = new Set();
const sessionIdOfToken = new Map();
const probes = new Set();
const onsets = [];
let talk = 'steady';

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => (body += part));
  request.on('end', () => answer(request, response, body));
});
server.on('upgrade', (request, socket, head) => {
  const token = new URL(request.url, 'http://sink').searchParams.get('token');
  const sessionId = sessionIdOfToken.get(token);
  const onOnset = (atNs) => onsets.push({ session: sessionId, atNs: String(atNs) });
  sockets.handleUpgrade(request, socket, head, (client) => {
    const session = new SttSession(client, talk, probes.has(sessionId) ? onOnset : undefined);
    sessions.add(session);
    client.on('close', () => sessions.delete(session));
    client.on('error', () => client.terminate());
  });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

process.on('message', (message) => {
  if (message.talk !== undefined) talk = message.talk;
  if (message.probe !== undefined) probes.add(message.probe);
  if (message.figures) process.send({ figures: figures(message) });
});
process.on('disconnect', () => process.exit());

function answer({ method, url }, response, body) {
  const json = (status, value) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (method === 'POST') {
    const id = randomUUID();
    sessionIdOfToken.set(id, JSON.parse(body).custom_metadata?.sessionId);
    json(201, { id, url: `ws://127.0.0.1:${server.address().port}/v2/live?token=${id}` });
  } else if (/^\/v2\/live\/./.test(url)) json(200, { status: 'done', result: null });
  else json(200, { items: [] });
}

function figures({ keep }) {
  const bytes = [...sessions].reduce((sum, session) => sum + session.bytes, 0);
  return { sessions: sessions.size, bytes, onsets: keep ? [] : onsets.splice(0) };
}
