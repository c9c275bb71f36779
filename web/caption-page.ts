/** The live caption page: a session's transcript, as a list and over whatever the screen shows. */
import { createTranscript, type Transcript } from '../libs/client/index.js';
import { steady } from '../libs/client/steady.js';
import { Announcer } from './announcer.js';
import { currentSession, pageAddress, Refused, type FoundSession, type PageAddress } from './current-session.js';
import { Overlay } from './overlay.js';
import { make, part, partAs } from './part.js';
import { plainTextOf, save } from './plain-text.js';
import { SettingsDialog } from './settings.js';
import { TranscriptList } from './transcript-list.js';

/** A meeting of a whole day. */
const WINDOW_SEGMENTS = 50_000;

const list = new TranscriptList();
const overlay = new Overlay();
const announcer = new Announcer();
const dialog = new SettingsDialog(() => draw());
const languages = partAs('language', HTMLSelectElement);
const search = partAs('search', HTMLInputElement);
let transcript: Transcript | undefined;
let isDue = false;

// --- drawing ---

/** Draws once for all changes until the next frame; at once where the page is not seen and has no frames. */
function draw(): void {
  if (isDue) return;
  isDue = true;
  if (document.hidden) setTimeout(drawNow, 250);
  else requestAnimationFrame(drawNow);
}

function drawNow(): void {
  isDue = false;
  if (!transcript) return;
  showStatus(transcript.status.status, transcript.status.message);
  offerLanguages(transcript);
  const found = list.draw();
  part('found').textContent = found === undefined ? '' : `${found} found`;
  if (isPressed('overlay')) overlay.draw(transcript, languages.value, Number(dialog.settings.choices.lines));
  if (dialog.settings.announce) announcer.announce(transcript);
}

function showStatus(kind: string, sentence: string): void {
  const status = part('status');
  if (status.textContent !== sentence) status.textContent = sentence;
  status.dataset['kind'] = kind;
}

/** The original, and every language that there are translations into. */
function offerLanguages({ segments }: Transcript): void {
  const known = new Set([...languages.options].map(({ value }) => value));
  if (!known.has('')) languages.append(make('option', { value: '', textContent: 'Original' }));
  const names = new Intl.DisplayNames(undefined, { type: 'language' });
  for (const language of new Set(segments.slice(-20).flatMap(({ translations }) => Object.keys(translations)))) {
    if (known.has(language)) continue;
    languages.append(make('option', { value: language, textContent: names.of(language) ?? language, lang: language }));
  }
}

// --- tools ---

const isPressed = (id: string): boolean => part(id).getAttribute('aria-pressed') === 'true';

/** A button that is on or off. */
function onToggle(id: string, toggled: (isOn: boolean) => void): void {
  part(id).addEventListener('click', () => {
    const isOn = !isPressed(id);
    part(id).setAttribute('aria-pressed', `${isOn}`);
    toggled(isOn);
  });
}

function listenToTools(): void {
  onToggle('captions', (isOn) => (document.body.dataset['captions'] = isOn ? 'on' : 'off'));
  onToggle('overlay', (isOn) => {
    document.body.dataset['view'] = isOn ? 'overlay' : 'transcript';
    draw();
  });
  onToggle('pause', (isOn) => (isOn ? list.pause() : list.resume()));
  part('latest').addEventListener('click', () => part('pause').setAttribute('aria-pressed', 'false'));
  languages.addEventListener('change', () => {
    list.restyle({ language: languages.value });
    draw();
  });
  search.addEventListener('input', () => {
    list.restyle({ searched: search.value.trim() });
    draw();
  });
  part('copy').addEventListener('click', () => void copy());
  part('download').addEventListener('click', () => save(allText(), `${document.title}.txt`));
}

const allText = (): string => plainTextOf(transcript?.segments ?? [], languages.value);

async function copy(): Promise<void> {
  const button = part('copy');
  button.textContent = await navigator.clipboard.writeText(allText()).then(
    () => 'Copied',
    () => 'Not permitted',
  );
  setTimeout(() => (button.textContent = 'Copy'), 2_000);
}

// --- sessions ---

/** Shows one session. Resolves when it has ended. */
function show({ id, room }: FoundSession, token: string): Promise<void> {
  part('room').textContent = room;
  part('tools').hidden = false;
  document.title = `${room} · Live captions`;
  transcript?.close();
  const next = steady(
    createTranscript({ events: `sessions/${encodeURIComponent(id)}/events`, token, window: WINDOW_SEGMENTS }),
  );
  transcript = next;
  list.show(next);
  draw();
  return new Promise((resolve) => {
    next.subscribe(() => {
      draw();
      if (next.status.status === 'ended') resolve();
    });
  });
}

async function start(address: PageAddress): Promise<void> {
  if (address.token === '') {
    askForToken('A token is needed.');
    return;
  }
  try {
    const tell = (sentence: string): void => showStatus('waiting', sentence);
    for (let shown: string | undefined; ;) {
      const session = await currentSession(address, tell, shown);
      await show(session, address.token);
      if (address.sessionId !== undefined) return;
      shown = session.id;
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    askForToken('The token was refused.');
  }
}

function askForToken(sentence: string): void {
  showStatus('refused', sentence);
  part('token-form').hidden = false;
  part('token').focus();
}

listenToTools();
part('token-form').addEventListener('submit', (submitted) => {
  submitted.preventDefault();
  part('token-form').hidden = true;
  void start({ ...pageAddress(), token: partAs('token', HTMLInputElement).value.trim() });
});
window.addEventListener('hashchange', () => location.reload());
void start(pageAddress());
