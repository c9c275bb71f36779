import { WebSocket } from 'ws';

const KEPT_MS = 30_000;
const DRAIN_MS = 5_000;
const RETRY_MS = 1_000;

/** Speech to text by a Vosk server, https://github.com/alphacep/vosk-server, at VOSK_URL: one connection a session. */
export const extend = ({ SpeechToText }) => {
  class VoskEngine extends SpeechToText {
    open(request, listener) {
      return new VoskStream(process.env.VOSK_URL, request, listener);
    }
  }
  const engine = { provide: SpeechToText, useClass: VoskEngine };
  return { module: class VoskModule {}, global: true, providers: [engine], exports: [SpeechToText] };
};

class VoskStream {
  #state = 'connecting';
  #reason = '';
  #counters = { chunksSent: 0, bytesSent: 0, bytesAcknowledged: 0, backlogMs: 0, reconnects: 0, engineSessions: 0 };
  #listener;
  #startMs;
  /** Audio that is not sent yet, the position of its first sample in the stream, and how much came in all. */
  #waiting = [];
  #sentSamples = 0;
  #samples = 0;
  /** Vosk counts its times from the first sample that a connection got. */
  #socketFrom = 0;
  #utterances = 0;
  #partial = '';
  #partialFromMs;
  #closing = false;

  constructor(url, { startSamples }, listener) {
    this.url = url;
    this.#listener = listener;
    this.#startMs = startSamples / 16;
    this.#connect();
  }

  get report() {
    const counters = { ...this.#counters, malformed: 0, duplicates: 0, gapMs: 0 };
    counters.backlogMs = (this.#samples - this.#sentSamples) / 16;
    return { state: this.#state, reason: this.#reason, counters };
  }

  write(samples) {
    if (this.#closing) return;
    this.#waiting.push(samples.slice());
    this.#samples += samples.length;
    while (this.#samples - this.#sentSamples > KEPT_MS * 16) this.#drop();
    this.#pump();
  }

  close() {
    if (this.#closing) return;
    this.#closing = true;
    this.#enter('draining');
    this.deadline = setTimeout(() => this.abort(), DRAIN_MS);
    this.#pump();
  }

  abort() {
    this.#closing = true;
    this.#end();
  }

  #connect() {
    if (this.#state === 'ended') return;
    this.#counters.engineSessions += 1;
    this.#socketFrom = this.#sentSamples;
    this.socket = new WebSocket(this.url);
    this.socket.on('open', () => {
      this.socket.send(JSON.stringify({ config: { sample_rate: 16_000, words: true } }));
      this.#enter('live');
      this.#pump();
    });
    this.socket.on('message', (message) => this.#receive(String(message)));
    this.socket.on('error', () => undefined); // `close` follows
    this.socket.on('close', () => this.#closed());
  }

  #pump() {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    for (let samples = this.#waiting.shift(); samples !== undefined; samples = this.#waiting.shift()) {
      this.socket.send(samples);
      this.#sentSamples += samples.length;
      this.#counters.chunksSent += 1;
      this.#counters.bytesSent += samples.byteLength;
    }
    if (this.#closing) this.socket.send('{"eof": 1}');
  }

  /** Gives up the oldest audio that waits, and reports the gap. */
  #drop() {
    const from = this.#startMs + this.#sentSamples / 16;
    this.#sentSamples += this.#waiting.shift().length;
    this.#socketFrom = this.#sentSamples;
    this.#listener.gap(Math.round(from), Math.round(this.#startMs + this.#sentSamples / 16));
  }

  #receive(message) {
    let result;
    try {
      result = JSON.parse(message);
    } catch {
      return;
    }
    if (typeof result.text === 'string') this.#emitFinal(result);
    if (result.partial) {
      this.#partial = result.partial;
      this.#emit(false, result.partial, []);
    }
  }

  #emitFinal({ text, result = [] }) {
    if (text === '' && this.#partialFromMs === undefined) return;
    const at = (seconds) => Math.round(this.#startMs + this.#socketFrom / 16 + seconds * 1000);
    const words = result.map(({ word, start, end, conf }) => ({
      text: word,
      startMs: at(start),
      endMs: at(end),
      confidence: conf,
    }));
    this.#finish(text, words);
  }

  #finish(text, words) {
    this.#emit(true, text, words);
    this.#utterances += 1;
    this.#partial = '';
    this.#partialFromMs = undefined;
  }

  /** No more comes of the open utterance: its last partial becomes its final. */
  #settle() {
    if (this.#partial !== '') this.#finish(this.#partial, []);
  }

  #emit(final, text, words) {
    const nowMs = Math.round(this.#startMs + this.#sentSamples / 16);
    this.#partialFromMs ??= nowMs;
    const startMs = words[0]?.startMs ?? this.#partialFromMs;
    const endMs = words.at(-1)?.endMs ?? Math.max(startMs, nowMs);
    const confidence = words.length === 0 ? 1 : words.reduce((sum, word) => sum + word.confidence, 0) / words.length;
    const id = String(this.#utterances);
    this.#listener.utterance({ id, final, text, language: '', confidence, startMs, endMs, words });
  }

  #closed() {
    if (this.#closing) {
      this.#end();
      return;
    }
    this.#settle();
    this.#counters.reconnects += 1;
    this.#enter('reconnecting', 'the connection to Vosk was lost');
    this.retry = setTimeout(() => this.#connect(), RETRY_MS);
  }

  #end() {
    if (this.#state === 'ended') return;
    clearTimeout(this.deadline);
    clearTimeout(this.retry);
    this.socket.terminate();
    this.#settle();
    this.#enter('ended');
  }

  #enter(state, reason = '') {
    if (this.#state === 'ended' || (this.#state === 'draining' && state !== 'ended')) return;
    this.#state = state;
    this.#reason = reason;
    this.#listener.stateChanged(this.report);
  }
}
