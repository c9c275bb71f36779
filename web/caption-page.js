/**
 * The live caption page. It reads a session's messages as server-sent events, with `fetch`, since EventSource cannot send an
 * Authorization header. All text from messages is set with `textContent`, so it is never parsed as HTML.
 */
import { applyMessage, emptyView, linesOf } from './transcript-view.js';

const POLL_MS = 2_000;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 10_000;
const NEAR_BOTTOM_PX = 80;
const MAX_ANNOUNCED = 20;

const part = (id) => document.getElementById(id);
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class Refused extends Error {}
class NotFound extends Error {}

// --- the service ---

async function request(token, path, headers = {}) {
  const response = await fetch(path, { headers: { ...headers, Authorization: `Bearer ${token}` }, cache: 'no-store' });
  if (response.status === 401 || response.status === 403) throw new Refused();
  if (response.status === 404) throw new NotFound();
  if (!response.ok) throw new Error(`${path.split('/')[0]} answered ${response.status}`);
  return response;
}

/** The session named in the URL, or else the newest live one; waits until there is one. */
async function findSession(token, sessionId) {
  for (;;) {
    try {
      const found = await lookUp(token, sessionId);
      if (found) return found;
      showStatus('waiting', sessionId ? 'Waiting for this session to begin.' : 'Waiting for a session to begin.');
    } catch (error) {
      if (error instanceof Refused) throw error;
      showStatus('degraded', 'The service cannot be reached. Trying again.');
    }
    await wait(POLL_MS);
  }
}

async function lookUp(token, sessionId) {
  if (!sessionId) return (await (await request(token, 'sessions?status=live&limit=1000')).json()).at(-1);
  return request(token, `sessions/${encodeURIComponent(sessionId)}`).then(
    (response) => response.json(),
    (error) => {
      if (!(error instanceof NotFound)) throw error;
    },
  );
}

/** Reads a session's messages until it has ended, and reconnects as often as needed. */
async function* messagesOf(token, sessionId) {
  const headers = { Accept: 'text/event-stream' };
  let retryMs = FIRST_RETRY_MS;
  for (;;) {
    try {
      const response = await request(token, `sessions/${encodeURIComponent(sessionId)}/events`, headers);
      if (response.status === 204) return;
      yield undefined;
      for await (const { id, data } of eventsIn(response.body)) {
        if (id !== undefined) headers['Last-Event-ID'] = id;
        retryMs = FIRST_RETRY_MS;
        yield JSON.parse(data);
      }
    } catch (error) {
      if (error instanceof Refused) throw error;
      showStatus('degraded', 'The connection was lost. Trying again.');
    }
    await wait(retryMs);
    retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
  }
}

/** The events of a text/event-stream body. */
async function* eventsIn(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let unread = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (unread + value).replaceAll('\r\n', '\n').split('\n\n');
    unread = blocks.pop();
    for (const block of blocks) {
      const event = eventOf(block);
      if (event.data !== '') yield event;
    }
  }
}

function eventOf(block) {
  const values = (name) =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).replace(/^ /, ''));
  return { id: values('id').at(-1), data: values('data').join('\n') };
}

// --- rendering ---

const rows = new Map();

function draw(view) {
  const list = part('lines');
  const follows = isAtBottom();
  const lines = linesOf(view);
  const shown = new Set(lines.map(({ id }) => id));
  for (const [id, row] of rows) if (!shown.has(id)) forget(id, row);
  lines.forEach((line, index) => {
    const row = rows.get(line.id) ?? newRow(line.id);
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
    fill(row, line);
  });
  if (follows) showLatest();
  else part('latest').hidden = isAtBottom();
}

function newRow(id) {
  const row = document.createElement('li');
  row.append(
    ...['time', 'strong', 'p'].map((tag) => document.createElement(tag)),
    Object.assign(document.createElement('div'), { className: 'translations' }),
  );
  rows.set(id, row);
  return row;
}

function forget(id, row) {
  row.remove();
  rows.delete(id);
}

function fill(row, line) {
  const content = JSON.stringify(line);
  if (row.content === content) return;
  if (line.state !== 'partial' && row.dataset.state !== line.state) announce(line);
  row.content = content;
  row.dataset.state = line.state;
  row.dataset.tone = line.tone ?? 'none';
  const [time, speaker, text, translations] = row.children;
  time.dateTime = line.startedAt ?? '';
  time.textContent = line.startedAt ? clock.format(new Date(line.startedAt)) : '';
  speaker.textContent = line.speaker;
  setText(text, line);
  translations.replaceChildren(...line.translations.map((each) => setText(document.createElement('p'), each)));
}

function setText(paragraph, { language = '', text }) {
  return Object.assign(paragraph, { lang: language, dir: 'auto', textContent: text });
}

function announce({ speaker, text }) {
  const announcer = part('announcer');
  announcer.append(Object.assign(document.createElement('p'), { textContent: `${speaker}: ${text}` }));
  while (announcer.children.length > MAX_ANNOUNCED) announcer.firstChild.remove();
}

function showStatus(kind, sentence) {
  const status = part('status');
  if (status.textContent !== sentence) status.textContent = sentence;
  status.dataset.kind = kind;
}

const isAtBottom = () => window.innerHeight + window.scrollY >= document.body.scrollHeight - NEAR_BOTTOM_PX;

function showLatest() {
  window.scrollTo(0, document.body.scrollHeight);
  part('latest').hidden = true;
}

// --- start ---

function credentials() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = document.querySelector('meta[name="roomscribe-token"]').content;
  return { token: fragment.get('token') || decodeURIComponent(given), sessionId: fragment.get('session') };
}

function askForToken(sentence) {
  showStatus('waiting', sentence);
  part('token-form').hidden = false;
  part('token').focus();
}

async function showSession(token, sessionId) {
  const session = await findSession(token, sessionId);
  part('room').textContent = session.room;
  document.title = `${session.room} · Live captions`;
  let view = emptyView();
  for await (const message of messagesOf(token, session.id)) {
    if (message) view = applyMessage(view, message);
    const { kind, sentence } = view.status ?? { kind: 'live', sentence: 'Listening.' };
    showStatus(kind, sentence);
    draw(view);
    if (kind === 'ended') return;
  }
  showStatus('ended', 'This session has ended.');
}

async function start({ token, sessionId }) {
  if (!token) return askForToken('A token is needed.');
  try {
    await showSession(token, sessionId);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    askForToken('The token was refused.');
  }
}

part('token-form').addEventListener('submit', (submitted) => {
  submitted.preventDefault();
  part('token-form').hidden = true;
  void start({ ...credentials(), token: part('token').value.trim() });
});
part('latest').addEventListener('click', showLatest);
window.addEventListener('scroll', () => {
  part('latest').hidden = isAtBottom();
});
window.addEventListener('hashchange', () => location.reload());
void start(credentials());
